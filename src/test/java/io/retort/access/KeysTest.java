package io.retort.access;

import static org.assertj.core.api.Assertions.assertThat;

import io.retort.database.DataDirectory;
import io.retort.testing.Http;
import io.retort.testing.Http.Answer;
import io.retort.testing.Issuer;
import io.retort.testing.KeyedServiceTest;
import io.retort.testing.Keys;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.jdbc.core.simple.JdbcClient;

@KeyedServiceTest
class KeysTest {

  @Autowired Http http;
  @Autowired Keys keys;
  @Autowired DataDirectory data;
  @Autowired JdbcClient jdbc;

  @Test
  void leavesTheFirstKeyInAFileForItsOwnerAlone() throws Exception {
    Path file = data.dataDir().resolve("admin-key");
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
        .isEqualTo("rw-------");
    assertThat(http.as(keys.admin()).get("/v1/jobs").status()).isEqualTo(200);
  }

  @Test
  void showsAKeyOnceAndKeepsOnlyItsHash() {
    Answer made = keys.made("shown", "jobs:read");
    String key = made.at("/key");
    assertThat(key).matches("rt_[A-Za-z0-9_-]{43}");
    assertThat(made.header("Location")).isEqualTo("/v1/keys/" + made.at("/about/id"));
    assertThat(made.at("/about/tenant")).isEqualTo("shown");
    Answer list = http.as(keys.admin()).get("/v1/keys?limit=100");
    assertThat(list.text()).contains(made.at("/about/id")).doesNotContain(key);
    assertThat(jdbc.sql("select api_key::text from api_key").query(String.class).list())
        .noneMatch(row -> row.contains(key));
  }

  @Test
  void refusesARevokedKeyAtOnce() {
    Answer made = keys.made("revoked", "jobs:read");
    Http caller = http.as(made.at("/key"));
    assertThat(caller.get("/v1/jobs").status()).isEqualTo(200);
    assertThat(http.as(keys.admin()).delete("/v1/keys/" + made.at("/about/id")).status())
        .isEqualTo(204);
    Answer refused = caller.get("/v1/jobs");
    assertThat(refused.status()).isEqualTo(401);
    assertThat(refused.at("/code")).isEqualTo("unknown_key");
    assertThat(refused.header("WWW-Authenticate")).startsWith("Bearer");
    assertThat(refused.header("Content-Type")).startsWith("application/problem+json");
    assertThat(http.as(keys.admin()).delete("/v1/keys/" + made.at("/about/id")).at("/code"))
        .isEqualTo("key_not_found");
  }

  @Test
  void aKeyCannotLockItsOwnerOut() {
    Answer made = keys.made("careless", "admin");
    String own = "/v1/keys/" + made.at("/about/id");
    assertThat(http.as(made.at("/key")).delete(own).at("/code")).isEqualTo("own_key");
    assertThat(http.as(keys.admin()).delete(own).status()).isEqualTo(204);
  }

  @Test
  void saysWhatIsWrongWithAWantedKey() {
    Answer bad =
        http.as(keys.admin())
            .post(
                "/v1/keys",
                "{\"tenant\": \"Not This\", \"scopes\": [\"job:read\"], \"nmae\": \"x\"}");
    assertThat(bad.status()).isEqualTo(400);
    assertThat(bad.text()).contains("/tenant", "/scopes/0", "/nmae", "jobs:read");
    Answer past =
        http.as(keys.admin())
            .post(
                "/v1/keys",
                "{\"name\": \"x\", \"scopes\": [\"admin\"], \"expiresAt\": \"2020-01-01T00:00:00Z\"}");
    assertThat(past.at("/errors/0/pointer")).isEqualTo("/expiresAt");
  }

  @Test
  void showsStrangersHealthAndTheApiAndNoMore() {
    http.as(keys.admin()).submit("secret name");
    assertThat(http.get("/").text()).doesNotContain("secret name");
    assertThat(http.get("/actuator/health/readiness").status()).isEqualTo(200);
    assertThat(http.get("/v3/api-docs").status()).isEqualTo(200);
    assertThat(http.get("/swagger-ui/index.html").status()).isEqualTo(200);
    assertThat(http.get("/actuator/prometheus").status()).isEqualTo(401);
    assertThat(http.get("/actuator").status()).isEqualTo(401);
    assertThat(http.get("/nothing/here").status()).isEqualTo(401);
    assertThat(http.as(keys.of("t", "jobs:read")).get("/actuator/prometheus").status())
        .isEqualTo(403);
    assertThat(http.as(keys.of("t", "metrics:read")).get("/actuator/prometheus").status())
        .isEqualTo(200);
    Answer docs = http.get("/v1/jobs");
    assertThat(docs.header("X-Content-Type-Options")).isEqualTo("nosniff");
    assertThat(docs.header("X-Frame-Options")).isEqualTo("DENY");
    assertThat(docs.header("Content-Security-Policy")).contains("frame-ancestors 'none'");
    assertThat(docs.header("Referrer-Policy")).isEqualTo("no-referrer");
  }

  @Test
  void keepsTenantsApart() {
    String[] all = {
      "jobs:read", "jobs:write", "models:read", "models:write", "datasets:read", "datasets:write"
    };
    Http left = http.as(keys.of("left", all));
    Http right = http.as(keys.of("right", all));
    byte[] csv = "x,label\n1,a\n2,b\n".getBytes(StandardCharsets.UTF_8);
    String dataset = left.upload("/v1/datasets", "x.csv", csv, null).at("/id");
    String job = left.submit("of the left");
    assertThat(left.ended(job).at("/status")).isEqualTo("succeeded");
    String model = left.get("/v1/models").at("/data/0/id");
    assertThat(left.get("/v1/models/" + model).at("/jobId")).isEqualTo(job);

    for (String list : List.of("/v1/jobs", "/v1/models", "/v1/datasets")) {
      assertThat(right.get(list).json().get("data")).as(list).isEmpty();
    }
    for (String path :
        List.of("/v1/jobs/" + job, "/v1/models/" + model, "/v1/datasets/" + dataset)) {
      assertThat(right.get(path).status()).as(path).isEqualTo(404);
      assertThat(right.delete(path).status()).as(path).isEqualTo(404);
      assertThat(left.get(path).status()).as(path).isEqualTo(200);
    }
    assertThat(right.get("/v1/jobs/" + job + "?wait=1s").status()).isEqualTo(404);
  }

  @Test
  void believesTokensOfItsIssuer() {
    Instant soon = Instant.now().plusSeconds(300);
    Map<String, Object> claims = Map.of("tenant", "by-token", "scope", "openid jobs:read");
    Http caller = http.as(Issuer.token(soon, claims));
    assertThat(caller.get("/v1/jobs").status()).isEqualTo(200);
    assertThat(caller.get("/v1/models").at("/code")).isEqualTo("missing_scope");
    assertThat(http.as(Issuer.forged(soon, claims)).get("/v1/jobs").status()).isEqualTo(401);
    assertThat(http.as(Issuer.token(soon.minusSeconds(900), claims)).get("/v1/jobs").at("/code"))
        .isEqualTo("unknown_key");
    Map<String, Object> noTenant = Map.of("scope", "jobs:read");
    assertThat(http.as(Issuer.token(soon, noTenant)).get("/v1/jobs").status()).isEqualTo(401);
  }

  @Test
  void turnsAwayPagesOfOtherOrigins() {
    Answer form =
        http.as(keys.admin()).send("POST", "/v1/jobs", "Origin", "https://evil.example.org");
    assertThat(form.status()).isEqualTo(403);
    assertThat(form.at("/code")).isEqualTo("foreign_origin");
    assertThat(form.header("Access-Control-Allow-Origin")).isEmpty();
  }
}
