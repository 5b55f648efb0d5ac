package io.retort.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import io.retort.testing.EngineServiceTest;
import io.retort.testing.Http;
import io.retort.testing.Http.Answer;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import tools.jackson.databind.JsonNode;

/** A job that asks for an int8 file, over real HTTP. */
@EngineServiceTest
class Int8JobTest {

  private static final String JOB =
      """
      {"dataset": {"uri": "sample:mnist1d"}, "teacher": %s,
       "student": {"architecture": {"type": "mlp", "hidden": [100, 100], "residual": true}},
       "training": {"epochs": 3, "batchSize": 100, "optimizer": {"learningRate": 0.01}},
       "evaluation": {"twin": false}, "export": {"int8": %s}}
      """;

  private static final String LOGISTIC = "{\"architecture\": {\"type\": \"logistic\"}}";

  @Autowired Http http;

  @Test
  void theReportComparesTheFilesAndTheSmallOneIsATeacherLikeAnyOther() {
    String job = succeeded(JOB.formatted(LOGISTIC, true));

    JsonNode report = http.get("/v1/jobs/" + job + "/report").json();
    JsonNode files = report.at("/int8");
    double accuracy = report.at("/student/accuracy").asDouble();
    assertThat(files.at("/float32/accuracy").asDouble()).isEqualTo(accuracy);
    assertThat(files.at("/quantized/accuracy").asDouble()).isBetween(accuracy - 0.03, 1.0);
    assertThat(files.at("/agreement").asDouble()).isBetween(0.93, 1.0);
    assertThat(files.at("/meanKl").asDouble()).isBetween(0.0, 0.02);
    assertThat(files.at("/calibrationRows").asInt()).isEqualTo(1_000);
    assertThat(files.at("/quantized/latencyMs/p50").asDouble()).isPositive();

    byte[] float32 = artifact(job, "student.onnx").raw().body();
    Answer small = artifact(job, "student-int8.onnx");
    assertThat(small.header("Content-Type")).isEqualTo("application/octet-stream");
    byte[] int8 = small.raw().body();
    assertThat(files.at("/float32/bytes").asInt()).isEqualTo(float32.length);
    assertThat(files.at("/quantized/bytes").asInt())
        .isEqualTo(int8.length)
        .isLessThan(float32.length / 2);
    JsonNode result = artifact(job, "result.json").json();
    assertThat(result.at("/files/student-int8.onnx").asString()).hasSize(64);
    assertThat(result.at("/report/int8")).isEqualTo(files);
    assertThat(artifact(job, "README.md").text())
        .contains("| `student-int8.onnx` | 0.", "of 1,000 training rows")
        .doesNotContain("null");
    assertThat(http.get("/v1/jobs/" + job + "/events?limit=100").text())
        .contains("student-int8.onnx is right on");

    Answer model = http.upload("/v1/models", "student-int8.onnx", int8, "in eight bits");
    assertThat(model.status()).as(model.text()).isEqualTo(201);
    String learned =
        succeeded(JOB.formatted("{\"model\": \"%s\"}".formatted(model.at("/id")), false));
    JsonNode next = http.get("/v1/jobs/" + learned + "/report").json();
    assertThat(next.at("/teacher/accuracy").asDouble())
        .isEqualTo(files.at("/quantized/accuracy").asDouble());
    assertThat(next.at("/int8").isNull()).isTrue();
    assertThat(artifact(learned, "student-int8.onnx").status()).isEqualTo(404);
  }

  @Test
  void anythingButTrueOrFalseIsRefused() {
    Answer refused = http.post("/v1/jobs", JOB.formatted(LOGISTIC, "\"yes\""));
    assertThat(refused.status()).isEqualTo(400);
    assertThat(refused.at("/errors/0/pointer")).isEqualTo("/export/int8");
  }

  private String succeeded(String spec) {
    Answer posted = http.post("/v1/jobs", spec);
    assertThat(posted.status()).as(posted.text()).isEqualTo(202);
    Answer ended = http.ended(posted.at("/id"));
    assertThat(ended.at("/status")).as(ended.text()).isEqualTo("succeeded");
    return posted.at("/id");
  }

  private Answer artifact(String job, String name) {
    return http.get("/v1/jobs/" + job + "/artifacts/" + name);
  }
}
