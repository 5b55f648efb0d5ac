package io.retort.teacher;

import static org.assertj.core.api.Assertions.assertThat;

import io.retort.testing.Dl4jFiles;
import io.retort.testing.EngineServiceTest;
import io.retort.testing.Fixtures;
import io.retort.testing.Http;
import io.retort.testing.Http.Answer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.jdbc.core.simple.JdbcClient;

/** Models that other frameworks made, from upload to report, with the real engine. */
@EngineServiceTest
class TeacherUploadTest {

  private static final String JOB =
      """
      {"dataset": {"uri": "dataset:%s"}, "teacher": %s,
       "student": {"architecture": {"type": "logistic"}},
       "training": {"epochs": 1}, "evaluation": {"twin": false}}
      """;

  @Autowired Http http;
  @Autowired JdbcClient jdbc;

  /**
   * 67,272,706 parameters for the smallest input that there may be, of which six numbers each are
   * kept, and three of 16,402 activations: 1,539.9 MiB. A dry run has seen the data, 40 columns and
   * 10 classes: 67,534,858 parameters, and 16,394 activations for each of 64 rows, 1,557.7 MiB.
   */
  @Test
  void aJobThatNeedsMoreMemoryThanAnyMayIsRefusedAtOnce() {
    Map<String, String> needs =
        Map.of("/v1/jobs", "about 1,539 MiB", "/v1/jobs?dryRun=true", "about 1,557 MiB");
    for (String path : needs.keySet()) {
      Answer answer =
          http.post(
              path,
              """
              {"name": "too large", "dataset": {"uri": "sample:mnist1d"},
               "teacher": {"architecture": {"type": "logistic"}},
               "student": {"architecture": {"type": "mlp", "hidden": [8192, 8192]}}}
              """);
      assertThat(answer.status()).as(answer.text()).isEqualTo(422);
      assertThat(answer.at("/code")).isEqualTo("too_much_memory");
      assertThat(answer.at("/errors/0/pointer")).isEqualTo("/student/architecture");
      assertThat(answer.at("/detail"))
          .contains(needs.get(path), "may need 1,024 MiB here", "A smaller network");
    }
    assertThat(http.get("/v1/jobs?limit=100").text()).doesNotContain("too large");
  }

  /** One row of 40 numbers would do; the batch does not. */
  @Test
  void aDryRunRefusesWhatOnlyTheDataShowsToNeedTooMuchMemory() {
    Answer answer =
        http.post(
            "/v1/jobs?dryRun=true",
            """
            {"dataset": {"uri": "sample:mnist1d"}, "training": {"batchSize": 4000},
             "teacher": {"architecture": {"type": "cnn1d", "channels": [2048, 2048]}},
             "student": {"architecture": {"type": "logistic"}}}
            """);
    assertThat(answer.status()).as(answer.text()).isEqualTo(422);
    assertThat(answer.at("/code")).isEqualTo("too_much_memory");
    assertThat(answer.at("/errors/0/pointer")).isEqualTo("/teacher/architecture");
    assertThat(answer.at("/detail")).contains("training.batchSize needs less");
  }

  @Test
  void whatBelongsToAnotherTenantDoesNotExistForAJob() {
    String dataset =
        http.upload("/v1/datasets", "rows.csv", Fixtures.bytes("rows.csv"), null).at("/id");
    String model =
        http.upload("/v1/models", "m.onnx", Fixtures.bytes("torch-mlp.onnx"), null).at("/id");
    String own = "{\"model\": \"" + model + "\"}";
    String sample = JOB.replace("dataset:%s", "sample:mnist1d");
    jdbc.sql("update dataset set tenant = 'other' where id = ?::uuid").param(dataset).update();
    Answer theirData = http.post("/v1/jobs", JOB.formatted(dataset, own));
    assertThat(theirData.status()).isEqualTo(422);
    assertThat(theirData.at("/code")).isEqualTo("not_found");
    assertThat(theirData.at("/errors/0/pointer")).isEqualTo("/dataset/uri");
    jdbc.sql("update model set tenant = 'other' where id = ?::uuid").param(model).update();
    Answer theirModel = http.post("/v1/jobs?dryRun=true", sample.formatted(own));
    assertThat(theirModel.status()).isEqualTo(422);
    assertThat(theirModel.at("/code")).isEqualTo("not_found");
    assertThat(theirModel.at("/errors/0/pointer")).isEqualTo("/teacher/model");
    String nobodys = own.replace(model, "0199f3a2-5c1e-7d2a-9c34-1b7d0a4f2e11");
    Answer none = http.post("/v1/jobs?dryRun=true", sample.formatted(nobodys));
    assertThat(none.text()).isEqualTo(theirModel.text());
  }

  @Test
  void aNetworkTooLargeIsRefusedBeforeItIsQueued() {
    Answer refused =
        http.post(
            "/v1/jobs",
            """
            {"dataset": {"uri": "sample:mnist1d"},
             "teacher": {"architecture": {"type": "mlp", "hidden": [16384, 16384]}},
             "student": {"architecture": {"type": "logistic"}}}""");
    assertThat(refused.status()).as(refused.text()).isEqualTo(422);
    assertThat(refused.at("/errors/0/pointer")).isEqualTo("/teacher/architecture");
    assertThat(refused.at("/detail")).contains("parameters");
  }

  @Test
  void everyFileIsInspectedAndDistilledFrom(@TempDir Path directory) throws IOException {
    Path dl4j = directory.resolve("dl4j.zip");
    Dl4jFiles.convolutional(dl4j);
    Map<String, String> datasets = new LinkedHashMap<>();
    for (String rows : new String[] {"rows", "rows-named", "rows-binary", "rows-tokens"}) {
      datasets.put(
          rows,
          http.upload("/v1/datasets", rows + ".csv", Fixtures.bytes(rows + ".csv"), null)
              .at("/id"));
    }
    String[][] cases = {
      {"torch-mlp.onnx", "rows", "logits", "logits"},
      {"torch-cnn.onnx", "rows", "logits", "probabilities"},
      {"torch-two.onnx", "rows", "logits", "logits"},
      {"torch-ids.onnx", "rows", "logits", "logits"},
      {"hf-bert.onnx", "rows-tokens", "logits", "logits"},
      {"torch-binary.onnx", "rows-binary", "logits", "logits"},
      {"sklearn-logistic.onnx", "rows-named", "probabilities", "probabilities"},
      {"sklearn-forest-zipmap.onnx", "rows", "output_probability", "probabilities"},
      {"sklearn-mlp-double.onnx", "rows", "probabilities", "probabilities"},
      {"xgboost.onnx", "rows", "probabilities", "probabilities"},
      {"lightgbm.onnx", "rows", "probabilities", "probabilities"},
      {"keras-sequential.h5", "rows", "out", "probabilities"},
      {"keras-functional.keras", "rows", "out", "probabilities"},
      {"dl4j.zip", "rows", "layer3", "probabilities"},
    };
    Map<String, String> jobs = new LinkedHashMap<>();
    for (String[] c : cases) {
      byte[] file = c[0].equals("dl4j.zip") ? Files.readAllBytes(dl4j) : Fixtures.bytes(c[0]);
      Answer model = http.upload("/v1/models", "some.bin", file, c[0]);
      assertThat(model.status()).as(c[0] + model.text()).isEqualTo(201);
      Answer seen = http.get("/v1/models/" + model.at("/id"));
      assertThat(seen.at("/format")).isIn("onnx", "keras-h5", "keras", "dl4j");
      assertThat(seen.json().at("/inputs").size())
          .isEqualTo(c[0].matches("torch-two.*|hf-.*") ? 2 : 1);
      assertThat(seen.json().at("/parameters").asLong()).isPositive();
      Answer job =
          http.post(
              "/v1/jobs",
              JOB.formatted(datasets.get(c[1]), "{\"model\": \"" + model.at("/id") + "\"}"));
      assertThat(job.status()).as(job.text()).isEqualTo(202);
      jobs.put(c[0], job.at("/id"));
    }
    for (String[] c : cases) {
      Answer job = http.ended(jobs.get(c[0]));
      assertThat(job.at("/status")).as(c[0] + job.text()).isEqualTo("succeeded");
      assertThat(job.at("/resolved/teacher/output")).isEqualTo(c[2]);
      assertThat(job.json().at("/resolved/teacher/classes").size()).isGreaterThan(1);
      Answer result = http.get("/v1/jobs/" + jobs.get(c[0]) + "/artifacts/result.json");
      assertThat(result.at("/resolved/teacher/output")).isEqualTo(c[2]);
      assertThat(result.at("/resolved/teacher/outputKind")).isEqualTo(c[3]);
      Answer report = http.get("/v1/jobs/" + jobs.get(c[0]) + "/report");
      assertThat(report.json().at("/teacher/accuracy").asDouble()).as(c[0]).isGreaterThan(0.6);
      assertThat(report.json().at("/teacherCheck/nearChance").asBoolean()).as(c[0]).isFalse();
    }
  }
}
