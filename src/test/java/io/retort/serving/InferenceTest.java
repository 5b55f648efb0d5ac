package io.retort.serving;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.retort.onnx.OnnxNetwork;
import io.retort.testing.EngineServiceTest;
import io.retort.testing.Fixtures;
import io.retort.testing.Http;
import io.retort.testing.Http.Answer;
import java.nio.FloatBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import tools.jackson.databind.JsonNode;

/** The Open Inference Protocol over real HTTP, with real models. */
@EngineServiceTest
class InferenceTest {

  @Autowired Http http;

  @Test
  void aModelOfAnotherFrameworkAnswersAsItDoesThere() {
    upload("sklearn-logistic.onnx", "logistic of scikit-learn");
    List<String> rows = lines("rows-named.csv").skip(1).limit(70).toList();
    String path = "/v2/models/logistic%20of%20scikit-learn";
    Answer metadata = http.get(path);
    assertThat(metadata.status()).as(metadata.text()).isEqualTo(200);
    int columns = metadata.json().at("/inputs/0/shape/1").asInt();

    String data =
        String.join(
            ",", rows.stream().map(r -> "[" + r.substring(0, r.lastIndexOf(',')) + "]").toList());
    Answer answer =
        http.post(
            path + "/infer",
            """
            {"id": "7", "inputs": [{"name": "features", "datatype": "FP32",
             "shape": [70, %d], "data": [%s]}], "outputs": [{"name": "probabilities"}]}
            """
                .formatted(columns, data));

    assertThat(answer.status()).as(answer.text()).isEqualTo(200);
    assertThat(answer.at("/id")).isEqualTo("7");
    assertThat(answer.at("/model_name")).isEqualTo("logistic of scikit-learn");
    JsonNode output = answer.json().at("/outputs/0");
    assertThat(output.at("/name").asString()).isEqualTo("probabilities");
    float[] expected = numbers(lines("sklearn-logistic.expected.csv").limit(70));
    assertThat(output.at("/data").size()).isEqualTo(expected.length);
    for (int i = 0; i < expected.length; i++) {
      assertThat(output.at("/data").get(i).floatValue()).isCloseTo(expected[i], within(1e-4f));
    }
  }

  @Test
  void aStudentAnswersAsItsOnnxFileDoes() throws Exception {
    String dataset =
        http.upload("/v1/datasets", "rows.csv", Fixtures.bytes("rows.csv"), null).at("/id");
    String job =
        http.post(
                "/v1/jobs",
                """
                {"dataset": {"uri": "dataset:%s"}, "name": "served",
                 "teacher": {"architecture": {"type": "logistic"}},
                 "student": {"architecture": {"type": "mlp", "hidden": [5]}},
                 "training": {"epochs": 2}, "evaluation": {"twin": false}}
                """
                    .formatted(dataset))
            .at("/id");
    assertThat(http.ended(job).at("/status")).isEqualTo("succeeded");
    String path = "/v2/models/served%20(student)";
    int columns = http.get(path).json().at("/inputs/0/shape/1").asInt();
    float[] features = new float[3 * columns];
    for (int i = 0; i < features.length; i++) {
      features[i] = (i % 7) - 3;
    }

    Answer answer = http.post(path + "/infer", request(3, columns, features));

    assertThat(answer.status()).as(answer.text()).isEqualTo(200);
    int classes = answer.json().at("/outputs/0/shape/1").asInt();
    byte[] onnx = http.get("/v1/jobs/" + job + "/artifacts/student.onnx").raw().body();
    FloatBuffer logits = FloatBuffer.allocate(3 * classes);
    try (OnnxNetwork network = OnnxNetwork.open(onnx, columns, classes, 1)) {
      network.logits(FloatBuffer.wrap(features), 3, logits);
    }
    for (int i = 0; i < 3 * classes; i++) {
      assertThat(answer.json().at("/outputs/0/data").get(i).floatValue())
          .isCloseTo(logits.get(i), within(1e-4f));
    }
    double sum = 0;
    for (int c = 0; c < classes; c++) {
      sum += answer.json().at("/outputs/1/data").get(c).asDouble();
    }
    assertThat(sum).isCloseTo(1, within(1e-5));
  }

  @Test
  void aJobLearnsFromAModelThatIsServed() {
    String torch = upload("torch-mlp.onnx", "torch");
    String dataset =
        http.upload("/v1/datasets", "rows.csv", Fixtures.bytes("rows.csv"), null).at("/id");
    String job =
        """
        {"dataset": {"uri": "dataset:%s"}, "student": {"architecture": {"type": "logistic"}},
         "teacher": {"endpoint": {"url": "http://%s/v2/models/%s", "batchSize": 16}},
         "training": {"epochs": 1}, "evaluation": {"twin": false}}
        """
            .formatted(dataset, http.host(), torch);
    Answer dry = http.post("/v1/jobs?dryRun=true", job);
    assertThat(dry.at("/resolved/teacher/output")).as(dry.text()).isEqualTo("logits");
    assertThat(http.post("/v1/jobs?dryRun=true", job.replace("/models/", "/models/x")).text())
        .contains("teacher_refuses", "/teacher/endpoint/url", "There is no model");
    String id = http.post("/v1/jobs", job).at("/id");
    Answer ended = http.ended(id);
    assertThat(ended.at("/status")).as(ended.text()).isEqualTo("succeeded");
    assertThat(http.get("/v1/jobs/" + id + "/report").json().at("/teacher/accuracy").asDouble())
        .isGreaterThan(0.6);
    Answer token = http.post("/v1/jobs", job.replace("16}", "16, \"token\": \"none\"}"));
    assertThat(token.at("/code")).as(token.text()).isEqualTo("unknown_token");
  }

  @Test
  void badRequestsAreToldWhatIsWrong() {
    String id = upload("sklearn-logistic.onnx", "twice");
    upload("sklearn-logistic.onnx", "twice");
    String path = "/v2/models/" + id;
    int columns = http.get(path).json().at("/inputs/0/shape/1").asInt();
    String good = request(1, columns, new float[columns]);
    assertThat(http.post(path + "/infer", good).status()).isEqualTo(200);

    refused(path, good.replace("\"features\"", "\"x\""), 400, "must be named `features`");
    refused(path, good.replace("FP32", "BYTES"), 400, "numeric");
    refused(path, good.replace("[1,", "[2,"), 400, "the shape says " + 2 * columns);
    refused(path, good.replace("[1,", "[99999,"), 400, "1 to 4096 rows");
    refused(path, good.replace("[1, " + columns, "[1, 1" + columns), 400, "must be [rows, ");
    refused(path, good.replace("0.0]", "\"a\"]"), 400, "numbers only");
    refused(path, good.replace("0.0]", "1e99]"), 400, "finite");
    refused(path, "{\"inputs\": 3}", 400, "one tensor");
    refused(path, "{", 400, "JSON");
    refused(path, "{\"inputs\": [" + "1,".repeat(4_000_000) + "1]}", 400, "Token count");
    refused("/v2/models/nobody", good, 404, "There is no model `nobody`.");
    refused("/v2/models/twice", good, 409, "Several models");
    assertThat(http.get("/v2").at("/name")).isEqualTo("retort");
    assertThat(http.get("/v2/health/live").at("/live")).isEqualTo("true");
    assertThat(http.get("/v2/health/ready").at("/ready")).isEqualTo("true");
    assertThat(http.get(path + "/ready").at("/ready")).isEqualTo("true");
  }

  private void refused(String path, String body, int status, String error) {
    Answer answer = http.post(path + "/infer", body);
    assertThat(answer.status()).as(answer.text()).isEqualTo(status);
    assertThat(answer.at("/error")).contains(error);
  }

  private String upload(String file, String name) {
    Answer model = http.upload("/v1/models", "some.bin", Fixtures.bytes(file), name);
    assertThat(model.status()).as(model.text()).isEqualTo(201);
    return model.at("/id");
  }

  private static String request(int rows, int columns, float[] features) {
    StringBuilder data = new StringBuilder();
    for (float f : features) {
      data.append(data.isEmpty() ? "" : ", ").append(f);
    }
    return """
        {"inputs": [{"name": "features", "datatype": "FP32", "shape": [%d, %d], "data": [%s]}]}
        """
        .formatted(rows, columns, data);
  }

  private static Stream<String> lines(String file) {
    return new String(Fixtures.bytes(file), StandardCharsets.UTF_8).lines();
  }

  private static float[] numbers(Stream<String> lines) {
    List<Float> all =
        lines.flatMap(line -> Stream.of(line.split(","))).map(Float::valueOf).toList();
    float[] result = new float[all.size()];
    for (int i = 0; i < result.length; i++) {
      result[i] = all.get(i);
    }
    return result;
  }
}
