package io.retort.job;

import static org.assertj.core.api.Assertions.assertThat;

import io.retort.testing.FakeEngine;
import io.retort.testing.Http;
import io.retort.testing.Http.Answer;
import io.retort.testing.ServiceTest;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import tools.jackson.databind.JsonNode;

@ServiceTest
class JobFilesTest {

  @Autowired Http http;

  @Test
  void pagesThroughEventsInOrder() {
    String id = done("events");
    List<String> messages = new ArrayList<>();
    String after = "0";
    for (boolean more = true; more; ) {
      Answer page = http.get("/v1/jobs/" + id + "/events?limit=7&after=" + after);
      page.json().get("data").forEach(e -> messages.add(e.get("message").asString()));
      more = page.json().get("hasMore").asBoolean();
      after = page.at("/nextCursor");
    }
    assertThat(messages).hasSize(21).startsWith(messages.get(0), "Epoch 1").endsWith("Epoch 20");
  }

  @Test
  void thinsMetricsAndKeepsFirstAndLast() {
    String id = done("metrics");
    String path = "/v1/jobs/" + id + "/metrics";
    assertThat(http.get(path).json().get("data")).hasSize(40);
    JsonNode thinned = http.get(path + "?series=student.loss&maxPoints=5").json().get("data");
    assertThat(thinned).hasSize(5);
    assertThat(thinned.get(0).get("epoch").asInt()).isEqualTo(1);
    assertThat(thinned.get(4).get("epoch").asInt()).isEqualTo(20);
    JsonNode twin = http.get(path + "?series=twin.loss&maxPoints=2").json().get("data");
    assertThat(twin).hasSize(2);
    assertThat(twin.get(0).get("value").isNull()).isTrue();
    assertThat(http.get(path + "?series=none").json().get("data")).isEmpty();
    assertThat(http.get(path + "?maxPoints=1").at("/code")).isEqualTo("invalid_parameter");
  }

  @Test
  void downloadsArtifactsWholeInPartsAndNotAgain() {
    String id = done("files");
    JsonNode files = http.get("/v1/jobs/" + id + "/artifacts").json().get("data");
    assertThat(files)
        .extracting(f -> f.get("name").asString())
        .containsExactly("metrics.csv", "student.zip");

    String path = "/v1/jobs/" + id + "/artifacts/student.zip";
    Answer whole = http.get(path);
    assertThat(whole.text()).isEqualTo("model of files");
    assertThat(whole.header("ETag")).isEqualTo("\"" + files.get(1).get("sha256").asString() + "\"");
    assertThat(whole.header("Content-Disposition")).contains("student.zip");
    assertThat(whole.header("Content-Type")).isEqualTo("application/zip");

    Answer part = http.get(path, "Range", "bytes=0-4");
    assertThat(part.status()).isEqualTo(206);
    assertThat(part.text()).isEqualTo("model");
    for (String range : new String[] {"bytes=900-", "bytes=5-2", "bytes=0-,0-,0-", "bytes=x"}) {
      Answer outside = http.get(path, "Range", range);
      assertThat(outside.status()).isEqualTo(416);
      assertThat(outside.text()).isEmpty();
      assertThat(outside.header("Content-Range")).startsWith("bytes */");
    }
    assertThat(http.get(path, "If-None-Match", whole.header("ETag")).status()).isEqualTo(304);
    assertThat(http.get(path + "x").at("/code")).isEqualTo("artifact_not_found");
  }

  @Test
  void answersTheReportOnlyOnceItIsThere() {
    CountDownLatch go = new CountDownLatch(1);
    FakeEngine.SCRIPTS.put(
        "report",
        (spec, context) -> {
          try {
            go.await();
          } catch (InterruptedException e) {
            throw new AssertionError(e);
          }
          return FakeEngine.succeed(spec, context);
        });
    String id = http.submit("report");
    Answer early = http.get("/v1/jobs/" + id + "/report");
    assertThat(early.status()).isEqualTo(409);
    assertThat(early.at("/code")).isEqualTo("report_not_ready");
    go.countDown();
    http.ended(id);
    assertThat(http.get("/v1/jobs/" + id + "/report").at("/verdict")).isEqualTo("better");
  }

  @Test
  void deletesAJobWithItsFilesButKeepsItsModels() {
    String id = done("delete me");
    String model = modelOf(id);
    assertThat(http.delete("/v1/jobs/" + id).status()).isEqualTo(204);
    assertThat(http.get("/v1/jobs/" + id).at("/code")).isEqualTo("job_not_found");
    assertThat(http.get("/v1/jobs/" + id + "/events").status()).isEqualTo(404);
    Answer content = http.get("/v1/models/" + model + "/content");
    assertThat(content.text()).isEqualTo("model of delete me");
    assertThat(http.get("/v1/models/" + model).json().get("jobId").isNull()).isTrue();
    assertThat(http.delete("/v1/models/" + model).status()).isEqualTo(204);
    assertThat(http.get("/v1/models/" + model).status()).isEqualTo(404);
  }

  @Test
  void refusesToDeleteAJobThatHasNotEnded() {
    CountDownLatch go = new CountDownLatch(1);
    FakeEngine.SCRIPTS.put(
        "busy",
        (spec, context) -> {
          try {
            go.await();
          } catch (InterruptedException e) {
            throw new AssertionError(e);
          }
          return FakeEngine.succeed(spec, context);
        });
    String id = http.submit("busy");
    assertThat(http.delete("/v1/jobs/" + id).at("/code")).isEqualTo("job_not_final");
    go.countDown();
    assertThat(http.ended(id).at("/status")).isEqualTo("succeeded");
  }

  @Test
  void listsByFilterNewestFirstInPages() {
    List<String> ids = new ArrayList<>();
    for (int i = 0; i < 5; i++) {
      ids.add(0, http.submit("paged"));
    }
    List<String> seen = new ArrayList<>();
    String cursor = "";
    for (boolean more = true; more; ) {
      Answer page = http.get("/v1/jobs?name=paged&limit=2&label=team:search" + cursor);
      page.json().get("data").forEach(j -> seen.add(j.get("id").asString()));
      more = page.json().get("hasMore").asBoolean();
      cursor = "&after=" + page.at("/nextCursor");
    }
    assertThat(seen).isEqualTo(ids);
    assertThat(http.get("/v1/jobs?name=paged&label=team:other").json().get("data")).isEmpty();
    assertThat(http.get("/v1/jobs?name=paged&type=train").json().get("data")).isEmpty();
    assertThat(http.get("/v1/jobs?createdBefore=2020-01-01T00:00:00Z").json().get("data"))
        .isEmpty();
    ids.forEach(http::ended);
    assertThat(http.get("/v1/jobs?name=paged&status=succeeded,failed").json().get("data"))
        .hasSize(5);
  }

  private String modelOf(String job) {
    for (JsonNode model : http.get("/v1/models?limit=100").json().get("data")) {
      if (model.get("jobId").asString().equals(job)) {
        return model.get("id").asString();
      }
    }
    throw new AssertionError("no model of job " + job);
  }

  private String done(String name) {
    String id = http.submit(name);
    assertThat(http.ended(id).at("/status")).isEqualTo("succeeded");
    return id;
  }
}
