package io.retort.serving;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.retort.RetortApplication;
import io.retort.outgoing.Outgoing;
import io.retort.spec.Cancellation;
import io.retort.spec.EndpointSpec;
import io.retort.spec.Precision;
import io.retort.spec.TeacherSpec;
import io.retort.teacher.Reading;
import io.retort.teacher.RemoteModels;
import io.retort.teacher.RemoteReading;
import io.retort.teacher.RemoteTeacher;
import io.retort.testing.Fixtures;
import io.retort.testing.Http;
import io.retort.testing.Http.Answer;
import io.retort.testing.TemporaryData;
import java.io.IOException;
import java.nio.FloatBuffer;
import java.nio.file.Files;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.context.annotation.Import;
import org.springframework.test.context.ContextConfiguration;
import tools.jackson.databind.JsonNode;

/** The Open Inference Protocol with the real engine; its service is TeacherUploadTest's. */
@SpringBootTest(
    classes = RetortApplication.class,
    webEnvironment = SpringBootTest.WebEnvironment.RANDOM_PORT,
    properties = {
      "retort.worker.slots=2",
      "retort.worker.threads=1",
      "retort.dataset.allowed-hosts=127.0.0.1",
      "logging.level.root=warn"
    })
@ContextConfiguration(initializers = TemporaryData.class)
@Import(Http.class)
class ServingTest {

  private static final int ROWS = 100;

  @Autowired Http http;
  private String torch;

  @BeforeEach
  void upload() throws IOException {
    torch = model("torch-mlp.onnx", "torch");
  }

  private String model(String file, String name) throws IOException {
    return http.upload("/v1/models", "some.bin", Fixtures.bytes(file), name).at("/id");
  }

  private static List<String> features() throws IOException {
    return Files.readAllLines(Fixtures.file("rows.csv")).stream()
        .skip(1)
        .limit(ROWS)
        .map(line -> line.substring(0, line.lastIndexOf(',')))
        .toList();
  }

  private static String request(String data, int rows, String rest) {
    return """
    {"id": "q1", "inputs": [{"name": "features", "shape": [%d, 6], "datatype": "FP32", "data": [%s],
      "parameters": {"x": 1}}]%s}
    """
        .formatted(rows, data, rest);
  }

  private Answer infer(String model, String body) {
    return http.post("/v2/models/" + model + "/infer", body);
  }

  @Test
  void givesWhatTheModelsFrameworkGave() throws IOException {
    List<String> expected = Files.readAllLines(Fixtures.file("torch-mlp.expected.csv"));
    Answer flat = infer(torch, request(String.join(",", features()), ROWS, ""));
    assertThat(flat.status()).as(flat.text()).isEqualTo(200);
    assertThat(flat.at("/id")).isEqualTo("q1");
    assertThat(flat.json().at("/outputs/0/shape").toString()).isEqualTo("[100,3]");
    String nested =
        features().stream().map(row -> "[" + row + "]").collect(Collectors.joining(","));
    Answer same = infer(torch, request(nested, ROWS, ", \"outputs\": [{\"name\": \"logits\"}]"));
    assertThat(same.json().at("/outputs")).hasSize(1);
    assertThat(same.json().at("/outputs/0")).isEqualTo(flat.json().at("/outputs/0"));
    for (int r = 0; r < ROWS; r++) {
      String[] row = expected.get(r).split(",");
      for (int c = 0; c < 3; c++) {
        assertThat(flat.json().at("/outputs/0/data/" + (3 * r + c)).asDouble())
            .isCloseTo(Double.parseDouble(row[c]), within(1e-4));
      }
    }
  }

  @Test
  void aStudentAndItsOnnxFileGiveTheSame() throws IOException {
    String dataset =
        http.upload("/v1/datasets", "rows.csv", Fixtures.bytes("rows.csv"), null).at("/id");
    String job =
        http.post(
                "/v1/jobs",
                """
                {"name": "served", "dataset": {"uri": "dataset:%s"}, "teacher": {"model": "%s"},
                 "student": {"architecture": {"type": "mlp", "hidden": [7]}},
                 "training": {"epochs": 2}, "evaluation": {"twin": false}}
                """
                    .formatted(dataset, torch))
            .at("/id");
    assertThat(http.ended(job).at("/status")).isEqualTo("succeeded");
    String student =
        http.get("/v1/models?limit=100")
            .json()
            .at("/data")
            .valueStream()
            .filter(m -> m.at("/jobId").asString("").equals(job))
            .findFirst()
            .orElseThrow()
            .at("/id")
            .asString();
    byte[] onnx = http.get("/v1/jobs/" + job + "/artifacts/student.onnx").raw().body();
    String copy = http.upload("/v1/models", "s.onnx", onnx, null).at("/id");
    String request = request(String.join(",", features()), ROWS, "");
    JsonNode own = infer(student, request).json().at("/outputs");
    JsonNode other = infer(copy, request).json().at("/outputs");
    for (int o = 0; o < 2; o++) {
      for (int i = 0; i < 3 * ROWS; i++) {
        assertThat(own.at("/" + o + "/data/" + i).asDouble())
            .isCloseTo(other.at("/" + o + "/data/" + i).asDouble(), within(1e-4));
      }
    }
  }

  @Test
  void saysWhatAModelReadsAndGives() throws IOException {
    String sklearn = model("sklearn-logistic.onnx", "bees only");
    Answer found = http.get("/v2/models/bees%20only");
    assertThat(found.status()).as(found.text()).isEqualTo(200);
    assertThat(found.json().at("/inputs").toString())
        .isEqualTo("[{\"name\":\"features\",\"datatype\":\"FP32\",\"shape\":[-1,6]}]");
    assertThat(found.json().at("/parameters/classes").toString())
        .isEqualTo("[\"ant\",\"bee\",\"cow\"]");
    assertThat(http.get("/v2/models/" + sklearn + "/ready").at("/ready")).isEqualTo("true");
    assertThat(http.get("/v2").at("/name")).isEqualTo("retort");
    assertThat(http.get("/v2/health/live").at("/live")).isEqualTo("true");
    assertThat(http.get("/v2/health/ready").at("/ready")).isEqualTo("true");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{} | `inputs` must hold exactly one tensor",
        "[] | no inference request",
        "{\"inputs\": 3} | /inputs",
        "{\"inputs\": [{\"name\": \"x\"}]} | is called `features`",
        "{\"inputs\": [{\"name\": \"features\", \"shape\": [1, 5]}]} | [rows, 6]",
        "{\"inputs\": [{\"name\": \"features\", \"shape\": [1, null]}]} | [rows, 6]",
        "{\"inputs\": [{\"name\": \"features\", \"shape\": [2000, 6]}]} | 1 to 1,024 rows",
        "{\"inputs\": [{\"name\": \"features\", \"shape\": [0, 6]}]} | 1 to 1,024 rows",
        "{\"inputs\": [{\"name\": \"features\", \"shape\": [1, 6], \"datatype\": \"BYTES\"}]} | BYTES",
        "{\"inputs\": [{\"name\": \"features\", \"shape\": [1, 6], \"datatype\": \"FP32\"}]} | holds 0",
        "{\"inputs\": [{\"name\": \"features\", \"shape\": [1, 6], \"datatype\": \"FP32\", \"data\": [1]}]} | holds 1",
        "{\"inputs\": [{\"name\": \"features\", \"shape\": [1, 6], \"datatype\": \"FP32\", \"data\": [\"1\"]}]} | /inputs/0/data",
        "{\"inputs\": [{\"name\": \"features\", \"shape\": [1, 6], \"datatype\": \"INT64\", \"data\": [1,2,3,4,5,.6]}]} | JSON",
        "{\"inputs\": [{\"name\": \"features\", \"shape\": [1, 6], \"datatype\": \"INT64\", \"data\": [1,2,3,4,5,0.6]}]} | fractions",
        "{\"inputs\": [{\"name\": \"features\", \"shape\": [1, 6], \"datatype\": \"FP64\", \"data\": [1,2,3,4,5,1e60]}]} | too large",
        "{\"inputs\": [{\"name\": \"features\", \"shape\": [1, 6], \"datatype\": \"FP32\", \"data\": [1,2,3,4,5,6]}], \"outputs\": [{\"name\": \"y\"}]} | no output `y`",
        "{\"inputs\": [ | not valid JSON",
        "'' | no inference request",
      })
  void refusesWhatDoesNotFit(String body, String reason) {
    Answer answer = infer(torch, body);
    assertThat(answer.status()).as(answer.text()).isEqualTo(400);
    assertThat(answer.header("Content-Type")).startsWith("application/json");
    assertThat(answer.at("/error")).contains(reason);
  }

  @Test
  void refusesModelsThatAreNotThereOrNotOne() throws IOException {
    Answer none = infer("nothing", "{}");
    assertThat(none.status()).isEqualTo(404);
    assertThat(none.at("/error")).isEqualTo("There is no model `nothing`.");
    String again = model("torch-mlp.onnx", "torch");
    Answer ambiguous = http.get("/v2/models/torch");
    assertThat(ambiguous.status()).isEqualTo(409);
    assertThat(ambiguous.at("/error")).contains("use the id");
    assertThat(http.get("/v2/models/" + again).status()).isEqualTo(200);
    assertThat(http.delete("/v2/models/" + again).at("/error")).contains("DELETE");
    assertThat(http.get("/v2/nothing").at("/error")).isNotEmpty();
  }

  @Test
  void oneRetortIsAnothersTeacher() throws IOException {
    String host = http.host();
    EndpointSpec endpoint =
        new EndpointSpec("http://" + host + "/v2/models/" + torch, null, 2, 16, 30);
    List<String> columns = List.of("x0", "x1", "x2", "x3", "x4", "x5");
    List<String> expected = Files.readAllLines(Fixtures.file("torch-mlp.expected.csv"));
    try (Outgoing outgoing = new Outgoing(List.of(host))) {
      RemoteReading reading =
          new RemoteModels(outgoing, Map.of())
              .inspect(
                  new TeacherSpec(
                      null,
                      null,
                      null,
                      endpoint,
                      null,
                      null,
                      null,
                      null,
                      null,
                      null,
                      null,
                      Precision.FLOAT32),
                  new Reading.Dataset(columns, List.of(6), List.of("0", "1", "2")),
                  "/teacher");
      try (RemoteTeacher teacher = RemoteTeacher.open(reading, Cancellation.NONE)) {
        float[] rows = Fixtures.features(32);
        FloatBuffer logits = FloatBuffer.allocate(32 * 3);
        teacher.logits(FloatBuffer.wrap(rows), 32, logits);
        for (int i = 0; i < 96; i++) {
          assertThat(logits.get(i))
              .isCloseTo(Float.parseFloat(expected.get(i / 3).split(",")[i % 3]), within(1e-4f));
        }
      }
    }
  }

  @Test
  void aJobLearnsFromAServedModel() throws IOException {
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
    assertThat(http.ended(id).at("/status")).isEqualTo("succeeded");
    assertThat(http.get("/v1/jobs/" + id + "/report").json().at("/teacherCheck").isObject())
        .isTrue();
    Answer token = http.post("/v1/jobs", job.replace("16}", "16, \"token\": \"none\"}"));
    assertThat(token.at("/code")).as(token.text()).isEqualTo("unknown_token");
  }
}
