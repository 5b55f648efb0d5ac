package io.retort.system;

import static org.assertj.core.api.Assertions.assertThat;

import io.retort.testing.Http;
import io.retort.testing.Http.Answer;
import io.retort.testing.ServiceTest;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import tools.jackson.databind.JsonNode;

@ServiceTest
class FrontDoorTest {

  @Autowired Http http;

  @Test
  void showsJobsOnTheLandingPageAndNoMarkupOfTheirs() {
    http.ended(http.submit("<script>alert(1)</script>"));
    Answer page = http.get("/");
    assertThat(page.status()).isEqualTo(200);
    assertThat(page.header("Content-Type")).startsWith("text/html");
    assertThat(page.text()).contains("&lt;script&gt;").doesNotContain("<script", "{{");
    assertThat(page.text()).contains("/swagger-ui.html");
  }

  @Test
  void saysWhatRuns() {
    Answer system = http.get("/v1/system");
    assertThat(system.status()).as(system.text()).isEqualTo(200);
    assertThat(system.json().get("workers")).hasSize(1);
    assertThat(system.at("/backend/type")).isEqualTo("cpu");
    assertThat(http.get("/actuator/health/liveness").at("/status")).isEqualTo("UP");
    assertThat(http.get("/actuator/health/readiness").at("/status")).isEqualTo("UP");
    assertThat(http.get("/actuator/prometheus").text())
        .contains("retort_jobs{", "retort_queue_age_seconds{", "retort_workers 1.0")
        .contains("retort_soft_targets_rows_total{source=\"store\"}")
        .contains("retort_soft_targets_rows_total{source=\"teacher\"}");
    assertThat(http.get("/swagger-ui/index.html").status()).isEqualTo(200);
  }

  @Test
  void explainsEveryMethodThatTheDescriptionOffers() {
    JsonNode methods = http.get("/v1/methods").json();
    JsonNode offered =
        http.get("/v3/api-docs").json().at("/components/schemas/TermSpec/discriminator/mapping");
    assertThat(methods).hasSize(19);
    assertThat(methods)
        .extracting(m -> m.get("type").asString())
        .containsAll(offered.propertyNames());
    JsonNode distance =
        StreamSupport.stream(methods.spliterator(), false)
            .filter(m -> m.get("type").asString().equals("rkd-distance"))
            .findFirst()
            .orElseThrow();
    assertThat(distance.at("/family").asString()).isEqualTo("relation");
    assertThat(distance.at("/parameters/0/name").asString()).isEqualTo("weight");
    assertThat(distance.at("/parameters/0/defaultValue").asString()).isEqualTo("25");
    for (JsonNode method : methods) {
      assertThat(method.get("formula").asString()).isNotEmpty();
      assertThat(method.get("paper").asString()).containsPattern("(19|20)\\d\\d");
    }
  }

  @Test
  void givesDefaultsThatTheirOwnSchemaAllows() {
    List<JsonNode> defaults = new ArrayList<>();
    collect(http.get("/v3/api-docs").json().at("/components/schemas"), defaults);
    assertThat(defaults).hasSizeGreaterThan(100);
    for (JsonNode schema : defaults) {
      JsonNode value = schema.get("default");
      String types = schema.path("type").toString();
      assertThat(value.isNull()).as(schema.toString()).isFalse();
      assertThat(value.isNumber())
          .as(schema.toString())
          .isEqualTo(types.contains("number") || types.contains("integer"));
    }
  }

  private static void collect(JsonNode node, List<JsonNode> schemasWithDefault) {
    if (node.isObject() && node.has("default")) {
      schemasWithDefault.add(node);
    }
    node.forEach(child -> collect(child, schemasWithDefault));
  }

  @Test
  void describesEveryOperationForGeneratedClients() {
    JsonNode api = http.get("/v3/api-docs").json();
    List<String> operations = new ArrayList<>();
    for (JsonNode path : api.get("paths")) {
      for (JsonNode operation : path) {
        operations.add(operation.get("operationId").asString());
        assertThat(operation.get("summary").asString()).isNotEmpty();
        assertThat(operation.get("responses").has("503")).isTrue();
        assertThat(bodies(operation.get("responses"))).hasSizeLessThanOrEqualTo(1);
      }
    }
    assertThat(operations)
        .doesNotHaveDuplicates()
        .contains("submitJob")
        .noneMatch(o -> o.contains("_"));
    JsonNode job = api.at("/components/schemas/Job");
    assertThat(job.at("/required").toString()).contains("id", "error");
    assertThat(job.at("/properties/startedAt/type").toString()).contains("null");
    assertThat(job.at("/properties/error/anyOf/0/$ref").asString()).endsWith("/Problem");
    JsonNode spec = api.at("/components/schemas/JobSpec/properties");
    assertThat(spec.at("/name/type").toString()).contains("string", "null");
    assertThat(spec.at("/notify/type").toString()).contains("array", "null");
    assertThat(api.at("/components/schemas/Cnn1d/properties/kernels/type").toString())
        .contains("array", "null");
    assertThat(spec.at("/student/anyOf/1/type").asString()).isEqualTo("null");
    assertThat(spec.at("/dataset/$ref").asString()).endsWith("/DatasetSpec");
    assertThat(api.at("/components/schemas/StudentSpec/properties/model/pattern").asString())
        .startsWith("^")
        .endsWith("$");
    JsonNode submit = api.at("/paths/~1v1~1jobs/post");
    assertThat(submit.at("/responses").propertyNames())
        .contains("202", "400", "413", "415", "422", "503");
    assertThat(submit.at("/responses/400/content/application~1problem+json/schema/$ref").asString())
        .isEqualTo("#/components/schemas/Problem");
    JsonNode example = submit.at("/requestBody/content/application~1json/examples/distill/value");
    Answer dry = http.post("/v1/dry-runs", example.toString());
    assertThat(dry.status()).as(dry.text()).isEqualTo(200);
    assertThat(api.at("/components/schemas/ObjectiveSpec/properties/tau/default").asString())
        .isNotEmpty();
  }

  @Test
  void saysWhereAKindMayBeLeftOut() {
    JsonNode schemas = http.get("/v3/api-docs").json().at("/components/schemas");
    for (String kind : List.of("ConstantSchedule", "Adam")) {
      assertThat(schemas.at("/" + kind + "/required").toString()).doesNotContain("type");
    }
    for (String kind : List.of("CosineSchedule", "Sgd", "Mlp", "Hint")) {
      assertThat(schemas.at("/" + kind + "/required").toString()).contains("type");
    }
    String job = Http.job("kinds").replaceFirst("\\{", "{\"training\": TRAINING, ");
    assertThat(
            http.post(
                    "/v1/dry-runs",
                    job.replace("TRAINING", "{\"schedule\": {}, \"optimizer\": {}}"))
                .status())
        .isEqualTo(200);
  }

  /** As generated clients do: an answer without a body has no type but that of its failures. */
  @Test
  void deletesForWhoAcceptsOnlyProblems() {
    String id = http.submit("to be deleted");
    http.ended(id);
    assertThat(http.send("DELETE", "/v1/jobs/" + id, "Accept", "application/problem+json").status())
        .isEqualTo(204);
    JsonNode paths = http.get("/v3/api-docs").json().get("paths");
    for (Map.Entry<String, JsonNode> path : paths.properties()) {
      if (path.getValue().has("delete")) {
        String none = path.getKey().replaceAll("\\{.*}", UUID.randomUUID().toString());
        Answer answer = http.send("DELETE", none, "Accept", "application/problem+json");
        assertThat(answer.status()).as(answer.text()).isEqualTo(404);
      }
    }
  }

  /** Generated clients send every default that they read. */
  @Test
  void saysNoDefaultThatDependsOnSomethingElse() {
    JsonNode schemas = http.get("/v3/api-docs").json().at("/components/schemas");
    JsonNode objective = schemas.at("/ObjectiveSpec/properties");
    assertThat(objective.get("alpha").has("default")).isFalse();
    assertThat(objective.get("beta").has("default")).isFalse();
    for (JsonNode property : schemas.at("/TrainingSpec/properties")) {
      assertThat(property.has("default")).as(property.toString()).isFalse();
    }
  }

  /** Of answers of success: generated clients give back the first and cannot read a second. */
  private static Set<String> bodies(JsonNode responses) {
    return responses.properties().stream()
        .filter(answer -> answer.getKey().startsWith("2"))
        .map(answer -> answer.getValue().at("/content/application~1json/schema/$ref").asString(""))
        .filter(body -> !body.isEmpty())
        .collect(Collectors.toSet());
  }
}
