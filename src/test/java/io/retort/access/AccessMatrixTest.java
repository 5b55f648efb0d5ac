package io.retort.access;

import static org.assertj.core.api.Assertions.assertThat;

import io.retort.testing.Http;
import io.retort.testing.Http.Answer;
import io.retort.testing.KeyedServiceTest;
import io.retort.testing.Keys;
import io.retort.web.Scope;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.jdbc.core.simple.JdbcClient;
import tools.jackson.databind.JsonNode;

/**
 * Every operation of the API description against every kind of caller who must be turned away. A
 * new operation is tried from the day it is described; one without a scope fails here.
 */
@KeyedServiceTest
class AccessMatrixTest {

  /** What is admin's is not a tenant's: keys are seen by whoever may make them. */
  private static final String KEYS = "/v1/keys";

  @Autowired Http http;
  @Autowired Keys keys;
  @Autowired JdbcClient jdbc;

  private record Operation(String method, String path, String scope, String bodyType) {
    boolean namesAThing() {
      return (path.contains("{id}") || path.startsWith("/v2/models/{name}"))
          && !path.startsWith(KEYS);
    }
  }

  @Test
  void everyOperationDeclaresItsScope() {
    assertThat(operations()).hasSizeGreaterThan(20).allMatch(o -> Scope.of(o.scope()).isPresent());
  }

  @TestFactory
  Stream<DynamicTest> turnsAwayWhoeverMayNot() {
    Map<String, String> things = things();
    String expired = expired();
    String other = keys.of("other", allBut(""));
    return operations().stream()
        .flatMap(
            o ->
                Stream.of(
                    refused(o, things, "no key", "", 401, "key_required"),
                    refused(o, things, "a wrong key", "rt_wrong", 401, "unknown_key"),
                    refused(o, things, "no key of ours", "abc", 401, "unknown_key"),
                    refused(o, things, "an expired key", expired, 401, "key_expired"),
                    refused(
                        o,
                        things,
                        "a key without " + o.scope(),
                        keys.of("owner", allBut(o.scope())),
                        403,
                        "missing_scope"),
                    o.namesAThing()
                        ? refused(o, things, "another tenant's key", other, 404, "_not_found")
                        : null))
        .filter(java.util.Objects::nonNull);
  }

  private DynamicTest refused(
      Operation o, Map<String, String> things, String who, String key, int status, String code) {
    return DynamicTest.dynamicTest(
        "%s %s with %s answers %d".formatted(o.method(), o.path(), who, status),
        () -> {
          Answer answer =
              o.bodyType().isEmpty()
                  ? http.as(key).send(o.method(), path(o, things))
                  : http.as(key).send(o.method(), path(o, things), "Content-Type", o.bodyType());
          assertThat(answer.status()).as(answer.text()).isEqualTo(status);
          assertThat(answer.at("/code")).endsWith(code);
        });
  }

  private static String path(Operation o, Map<String, String> things) {
    String kind = (o.path() + "/").split("/", 4)[2];
    return o.path()
        .replace("/v2/models/{name}", "/v2/models/{id}")
        .replace("{delivery}", "01a20da4-428e-763f-a322-0ca72b4c680a")
        .replace("{id}", things.getOrDefault(kind, "01a20da4-428e-763f-a322-0ca72b4c680a"))
        .replaceAll("\\{[^}]+}", "student.zip");
  }

  /** A job with a model and files, and a dataset, of the tenant `owner`. */
  private Map<String, String> things() {
    Http owner = http.as(keys.of("owner", allBut("")));
    byte[] csv = "x,label\n1,a\n2,b\n".getBytes(StandardCharsets.UTF_8);
    String dataset = owner.upload("/v1/datasets", "x.csv", csv, null).at("/id");
    String job = owner.submit("of the owner");
    owner.ended(job);
    String model = owner.get("/v1/models").at("/data/0/id");
    return Map.of("jobs", job, "datasets", dataset, "models", model);
  }

  private String expired() {
    Answer made = keys.made("owner", allBut(""));
    jdbc.sql("update api_key set expires_at = now() - interval '1 s' where id = ?::uuid")
        .param(made.at("/about/id"))
        .update();
    return made.at("/key");
  }

  private static String[] allBut(String scope) {
    return Stream.of(Scope.values())
        .map(Scope::toString)
        .filter(s -> !s.equals(scope))
        .toArray(String[]::new);
  }

  private List<Operation> operations() {
    List<Operation> operations = new ArrayList<>();
    JsonNode paths = http.get("/v3/api-docs").json().get("paths");
    for (Map.Entry<String, JsonNode> path : paths.properties()) {
      for (Map.Entry<String, JsonNode> method : path.getValue().properties()) {
        operations.add(
            new Operation(
                method.getKey().toUpperCase(Locale.ROOT),
                path.getKey(),
                method.getValue().at("/security/0/key/0").asString("none declared"),
                method.getValue().at("/requestBody/content").propertyNames().stream()
                    .findFirst()
                    .orElse("")));
      }
    }
    return operations;
  }
}
