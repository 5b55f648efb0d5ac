package io.retort.pipeline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.retort.model.StoredModel;
import io.retort.model.foreign.ForeignModels;
import io.retort.model.foreign.ModelLimits;
import io.retort.spec.Cancellation;
import io.retort.spec.JobSpec;
import io.retort.spec.OutputKind;
import io.retort.spec.RetortException;
import io.retort.spec.SpecReader;
import io.retort.spec.TeacherSpec;
import io.retort.testing.Fixtures;
import io.retort.testing.QuietContext;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Teachers that are there already, whatever they are. */
class TeacherKindsTest {

  private static final String TORCH = UUID.randomUUID().toString();
  private static final String SKLEARN = UUID.randomUUID().toString();

  @TempDir Path directory;
  private final ForeignModels foreign = new ForeignModels(ModelLimits.DEFAULT);
  private QuietContext context;
  private Pipeline pipeline;

  @BeforeEach
  void compose() throws IOException {
    context = new QuietContext(Files.createDirectory(directory.resolve("work")), this::model);
    Path files = Files.createDirectory(directory.resolve("files"));
    for (String name : List.of("rows.csv", "rows-named.csv")) {
      Files.copy(Fixtures.file(name), files.resolve(name));
    }
    Files.writeString(files.resolve("soft.csv"), withSoftTargets());
    pipeline = FilePipeline.of(directory, files, foreign);
  }

  private StoredModel model(String id) {
    Path file = Fixtures.file(id.equals(TORCH) ? "torch-mlp.onnx" : "sklearn-logistic.onnx");
    return new StoredModel(file, file.getFileName().toString(), foreign.inspect(file));
  }

  /** 100 rows with PyTorch's logits and scikit-learn's probabilities beside them. */
  private static String withSoftTargets() throws IOException {
    List<String> rows = Files.readAllLines(Fixtures.file("rows.csv"));
    List<String> logits = Files.readAllLines(Fixtures.file("torch-mlp.expected.csv"));
    List<String> likely = Files.readAllLines(Fixtures.file("sklearn-logistic.expected.csv"));
    StringBuilder csv = new StringBuilder(rows.get(0)).append(",z0,z1,z2,p0,p1,p2\n");
    for (int r = 0; r < 100; r++) {
      csv.append(rows.get(r + 1)).append(',').append(logits.get(r)).append(',');
      csv.append(likely.get(r)).append('\n');
    }
    return csv.toString();
  }

  @Test
  void softTargetsInTheDatasetNeedNoTeacher() {
    Report given = distil("soft.csv", "{\"softTargets\": {\"columns\": [\"z0\", \"z1\", \"z2\"]}}");
    assertThat(given.teacher().parameters()).isNull();
    assertThat(given.teacher().latencyMs()).isNull();
    Report computed =
        distil(
            "soft.csv",
            "{\"model\": \"" + TORCH + "\"}",
            "\"x0\", \"x1\", \"x2\", \"x3\", \"x4\", \"x5\"");
    assertThat(given.teacher().nll()).isCloseTo(computed.teacher().nll(), within(1e-4));
    assertThat(given.teacherCheck()).isEqualTo(computed.teacherCheck());
  }

  @Test
  void whatAHelperLabelledTheJobFindsInTheStore() throws Exception {
    JobSpec spec = spec("rows.csv", "{\"model\": \"" + TORCH + "\"}", null);
    pipeline.help(spec, context);
    JobResult result = (JobResult) pipeline.run(spec, context).result();
    assertThat(Objects.requireNonNull(result.softTargets()).computed()).isZero();
  }

  @Test
  void whatWasFoundOutIsResolved() {
    TeacherSpec logits =
        resolved("soft.csv", "{\"softTargets\": {\"columns\": [\"z0\", \"z1\", \"z2\"]}}");
    assertThat(logits.outputKind()).isEqualTo(OutputKind.LOGITS);
    TeacherSpec likely =
        resolved("soft.csv", "{\"softTargets\": {\"columns\": [\"p0\", \"p1\", \"p2\"]}}");
    assertThat(likely.outputKind()).isEqualTo(OutputKind.PROBABILITIES);
    TeacherSpec named = resolved("rows-named.csv", "{\"model\": \"" + SKLEARN + "\"}");
    assertThat(named.output()).isEqualTo("probabilities");
    assertThat(named.outputKind()).isEqualTo(OutputKind.PROBABILITIES);
    assertThat(named.classes()).containsExactly("ant", "bee", "cow");
  }

  @Test
  void anEnsembleAveragesItsMembers() {
    String ensemble =
        """
        {"averaging": "%s", "ensemble": [
          {"weight": 3, "teacher": {"softTargets": {"columns": ["z0", "z1", "z2"]}}},
          {"teacher": {"softTargets": {"columns": ["p0", "p1", "p2"]}}}]}
        """;
    Report logits = distil("soft.csv", ensemble.formatted("logits"));
    Report likely = distil("soft.csv", ensemble.formatted("probabilities"));
    assertThat(logits.teacher().accuracy()).isGreaterThan(0.6);
    assertThat(likely.teacher().nll()).isNotEqualTo(logits.teacher().nll());
  }

  @Test
  void classesOfAnotherNameAreMatchedWhenTheSpecNamesThem() {
    String named = "{\"model\": \"" + SKLEARN + "\", \"classes\": [\"0\", \"1\", \"2\"]}";
    Report right = distil("rows.csv", named);
    assertThat(right.teacherCheck().nearChance()).isFalse();
    Report wrong = distil("rows.csv", named.replace("\"0\", \"1\", \"2\"", "\"1\", \"2\", \"0\""));
    assertThat(wrong.teacherCheck().nearChance()).isTrue();
    assertThat(context.warnings).anyMatch(w -> w.contains("near chance"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "rows.csv | {'model': 'SKLEARN'} | unknown_label | /teacher",
        "rows.csv | {'model': 'SKLEARN', 'classes': ['0', '1']} | class_count_mismatch | /teacher/classes",
        "rows.csv | {'model': 'TORCH', 'output': 'nothing'} | unknown_output | /teacher/output",
        "rows.csv | {'model': 'TORCH', 'inputs': {'features': ['x0', 'y']}} | shape_mismatch | /teacher/inputs/features",
        "rows.csv | {'model': 'TORCH', 'inputs': {'features': ['x0', 'x1']}} | shape_mismatch | /teacher/model",
        "soft.csv | {'model': 'TORCH'} | shape_mismatch | /teacher/model",
        "soft.csv | {'softTargets': {'columns': ['z0', 'z1']}} | class_count_mismatch | /teacher/softTargets/columns",
        "soft.csv | {'softTargets': {'columns': ['z0', 'z1', 'q']}} | missing_column | /teacher/softTargets/columns"
      })
  void whatDoesNotFitIsRefusedBeforeTraining(
      String file, String teacher, String code, String pointer) {
    String json = teacher.replace('\'', '"').replace("SKLEARN", SKLEARN).replace("TORCH", TORCH);
    assertThatThrownBy(() -> resolved(file.strip(), json))
        .isInstanceOfSatisfying(
            RetortException.class,
            e -> {
              assertThat(e.code()).as(e.getMessage()).isEqualTo(code.strip());
              assertThat(e.violations().get(0).pointer()).isEqualTo(pointer.strip());
            });
  }

  @Test
  void probabilitiesThatAreNoneAreRefusedBeforeTraining() {
    assertThatThrownBy(
            () ->
                distil(
                    "rows.csv",
                    "{\"model\": \"" + TORCH + "\", \"outputKind\": \"probabilities\"}"))
        .hasMessageContaining("outputKind");
    assertThat(context.series).isEmpty();
  }

  private TeacherSpec resolved(String file, String teacher) {
    return pipeline
        .inspect(spec(file, teacher, null), this::model, Cancellation.NONE)
        .resolved()
        .teacher();
  }

  private Report distil(String file, String teacher) {
    return distil(file, teacher, null);
  }

  private Report distil(String file, String teacher, String features) {
    return (Report) pipeline.run(spec(file, teacher, features), context).report();
  }

  private static JobSpec spec(String file, String teacher, String features) {
    String json =
        """
        {"dataset": {"uri": "file:%s"%s}, "teacher": %s,
         "student": {"architecture": {"type": "logistic"}},
         "training": {"epochs": 1}, "evaluation": {"twin": false}}
        """
            .formatted(file, features == null ? "" : ", \"features\": [" + features + "]", teacher);
    return SpecReader.read(SpecReader.parse(json.getBytes(StandardCharsets.UTF_8)));
  }
}
