package io.retort.crash;

import static org.assertj.core.api.Assertions.assertThat;

import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtSession;
import io.retort.model.ModelFiles;
import io.retort.model.TrainedModel;
import io.retort.training.Networks;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.TreeSet;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * What a job left behind that must not depend on what happened to it.
 *
 * @param parameters of teacher, twin and student, as hashes
 * @param files that hold models, by hash
 * @param curves as the file of metrics
 * @param metrics as the API tells them, without times
 * @param artifacts by name
 */
record Ended(
    List<String> parameters,
    JsonNode files,
    String curves,
    List<String> metrics,
    TreeSet<String> artifacts) {

  private static final JsonMapper JSON = new JsonMapper();

  /** Waits for the end; fails unless the job succeeded and all of its files are whole. */
  static Ended of(Api api, String job) throws Exception {
    JsonNode ended = api.ended(job);
    assertThat(ended.at("/status").asString()).as(ended.toString()).isEqualTo("succeeded");
    TreeSet<String> artifacts = new TreeSet<>();
    for (JsonNode artifact : api.get(path(job)).at("/data")) {
      String name = artifact.at("/name").asString();
      assertThat(api.sha256(path(job) + "/" + name)).isEqualTo(artifact.at("/sha256").asString());
      checkContent(name, api.bytes(path(job) + "/" + name));
      artifacts.add(name);
    }
    JsonNode result = api.get(path(job) + "/result.json");
    return new Ended(
        List.of(
            result.at("/trainings/teacher/parametersSha256").asString(),
            result.at("/trainings/twin/parametersSha256").asString(),
            result.at("/trainings/student/parametersSha256").asString()),
        result.at("/hashes"),
        api.text(path(job) + "/metrics.csv"),
        api.metrics(job).valueStream().map(Ended::point).toList(),
        artifacts);
  }

  private static String path(String job) {
    return "/v1/jobs/" + job + "/artifacts";
  }

  private static String point(JsonNode metric) {
    return "%s %s %s %s"
        .formatted(
            metric.at("/series").asString(),
            metric.at("/epoch"),
            metric.at("/step"),
            metric.at("/value"));
  }

  /** Reads a file as what it is; a hash alone would not tell a file that was never whole. */
  private static void checkContent(String name, byte[] content) throws Exception {
    switch (name.substring(name.lastIndexOf('.'))) {
      case ".onnx" -> {
        try (OrtSession session = OrtEnvironment.getEnvironment().createSession(content)) {
          assertThat(session.getOutputNames()).as(name).isNotEmpty();
        }
      }
      case ".zip" -> {
        Path file = Files.createTempFile("model", ".zip");
        try {
          TrainedModel model =
              ModelFiles.read(Files.write(file, content), Networks::storedParameters);
          assertThat(model.parameters()).as(name).isNotEmpty();
        } finally {
          Files.delete(file);
        }
      }
      case ".json" ->
          assertThat(JSON.readTree(content).at("/report/verdict").asString()).isNotEmpty();
      default -> assertThat(new String(content, StandardCharsets.UTF_8)).as(name).endsWith("\n");
    }
  }
}
