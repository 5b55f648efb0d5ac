package io.retort.registry;

import static org.assertj.core.api.Assertions.assertThat;

import io.retort.access.Tenants;
import io.retort.testing.FakeEngine;
import io.retort.testing.Http;
import io.retort.testing.Http.Answer;
import io.retort.testing.ServiceTest;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;

@ServiceTest
class RegistryTest {

  @Autowired Http http;
  @Autowired UploadedFiles files;

  @Test
  void keepsAnUploadedDataset() throws Exception {
    byte[] csv = "x,label\n1,a\n2,b\n".getBytes(StandardCharsets.UTF_8);
    Answer created = http.upload("/v1/datasets", "C:\\data\\train.csv", csv, null);
    assertThat(created.status()).as(created.text()).isEqualTo(201);
    String id = created.at("/id");
    assertThat(created.header("Location")).isEqualTo("/v1/datasets/" + id);
    assertThat(created.at("/format")).isEqualTo("csv");
    assertThat(created.at("/name")).endsWith("train.csv");
    assertThat(created.at("/bytes")).isEqualTo(String.valueOf(csv.length));
    assertThat(created.at("/sha256")).hasSize(64);
    assertThat(created.at("/createdAt")).endsWith("Z");
    assertThat(java.nio.file.Files.readAllBytes(file(id))).isEqualTo(csv);
    assertThat(http.get("/v1/datasets/" + id).at("/name")).isEqualTo(created.at("/name"));
    assertThat(http.get("/v1/datasets").text()).contains(id);
    assertThat(http.get("/v1/datasets/" + id + "/preview?rows=1&shape=1").text())
        .contains("\"rows\":[[1.0]]", "\"classes\":[\"a\",\"b\"]");
    assertThat(http.get("/v1/datasets/" + id + "/preview?shape=1,28,28").at("/code"))
        .isEqualTo("shape_mismatch");

    Answer twin = http.upload("/v1/datasets", "again.csv", csv, "the same again");
    assertThat(http.delete("/v1/datasets/" + id).status()).isEqualTo(204);
    assertThat(java.nio.file.Files.readAllBytes(file(twin.at("/id")))).isEqualTo(csv);
    assertThat(http.get("/v1/datasets/" + id).status()).isEqualTo(404);
  }

  @Test
  void refusesEmptyMissingAndTooLargeFiles() {
    assertThat(http.upload("/v1/datasets", "x.csv", new byte[0], null).at("/code"))
        .isEqualTo("empty_file");
    Answer missing =
        http.post(
            "/v1/datasets",
            "multipart/form-data; boundary=b",
            "--b\r\nContent-Disposition: form-data; name=\"name\"\r\n\r\nx\r\n--b--\r\n"
                .getBytes(StandardCharsets.UTF_8));
    assertThat(missing.status()).as(missing.text()).isEqualTo(400);
    assertThat(missing.at("/code")).isEqualTo("missing_part");
    Answer large = http.upload("/v1/datasets", "x.csv", new byte[(1 << 20) + 1], null);
    assertThat(large.status()).isEqualTo(413);
    assertThat(large.at("/code")).isEqualTo("too_large");
    assertThat(http.post("/v1/datasets", "{}").status()).isEqualTo(415);
  }

  @Test
  void keepsAJobsDatasetAsLongAsTheJobRuns() {
    byte[] csv = "x,label\n3,a\n4,b\n".getBytes(StandardCharsets.UTF_8);
    String id = http.upload("/v1/datasets", "used.csv", csv, null).at("/id");
    CountDownLatch go = new CountDownLatch(1);
    FakeEngine.SCRIPTS.put(
        "uses",
        (spec, context) -> {
          try {
            go.await();
          } catch (InterruptedException e) {
            throw new AssertionError(e);
          }
          return FakeEngine.succeed(spec, context);
        });
    String job =
        http.post("/v1/jobs", Http.job("uses").replace("sample:mnist1d", "dataset:" + id))
            .at("/id");
    Answer refused = http.delete("/v1/datasets/" + id);
    assertThat(refused.status()).isEqualTo(409);
    assertThat(refused.at("/detail")).contains(job);
    go.countDown();
    http.ended(job);
    assertThat(http.delete("/v1/datasets/" + id).status()).isEqualTo(204);
  }

  @Test
  void takesItsOwnModelsAndRefusesOthers() {
    byte[] content = "model, uploaded".getBytes(StandardCharsets.UTF_8);
    Answer created = http.upload("/v1/models", "student.zip", content, "mine");
    assertThat(created.status()).as(created.text()).isEqualTo(201);
    assertThat(created.at("/role")).isEqualTo("uploaded");
    assertThat(created.at("/architecture/type")).isEqualTo("logistic");
    assertThat(created.at("/parameters")).isEqualTo("10");
    assertThat(http.get("/v1/models/" + created.at("/id") + "/content").raw().body())
        .isEqualTo(content);
    Answer refused = http.upload("/v1/models", "evil.zip", new byte[] {1, 2, 3}, null);
    assertThat(refused.status()).isEqualTo(422);
    assertThat(refused.at("/code")).isEqualTo("not_a_model");
  }

  private java.nio.file.Path file(String id) {
    return Tenants.acting(Tenants.DEFAULT, () -> files.content(id));
  }
}
