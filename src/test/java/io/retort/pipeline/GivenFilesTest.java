package io.retort.pipeline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.retort.model.foreign.ForeignModels;
import io.retort.model.foreign.ModelLimits;
import io.retort.spec.Cancellation;
import io.retort.spec.JobSpec;
import io.retort.spec.OutputKind;
import io.retort.spec.RetortException;
import io.retort.spec.SpecReader;
import io.retort.spec.TeacherSpec;
import io.retort.testing.Fixtures;
import io.retort.testing.NeedsBackend;
import io.retort.testing.QuietContext;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Soft targets in files beside the dataset, which NumPy and PyArrow made. */
@NeedsBackend
class GivenFilesTest {

  private static final int ROWS = 100;

  @TempDir Path directory;
  private Path files;
  private QuietContext context;
  private Pipeline pipeline;

  @BeforeEach
  void compose() throws IOException {
    context = new QuietContext(Files.createDirectory(directory.resolve("work")), id -> null);
    files = Files.createDirectory(directory.resolve("files"));
    for (String name : List.of("soft-logits.npy", "soft-named.parquet", "soft-bad.npy")) {
      Files.copy(Fixtures.file(name), files.resolve(name));
    }
    List<String> rows = lines("rows.csv").subList(0, ROWS + 1);
    List<String> logits = lines("torch-mlp.expected.csv");
    write("rows.csv", rows);
    write("named.csv", lines("rows-named.csv").subList(0, ROWS + 1));
    write("short.csv", rows.subList(0, ROWS));
    StringBuilder both = new StringBuilder(rows.get(0)).append(",z0,z1,z2\n");
    for (int r = 0; r < ROWS; r++) {
      both.append(rows.get(r + 1)).append(',').append(logits.get(r)).append('\n');
    }
    Files.writeString(files.resolve("both.csv"), both);
    write("two.csv", logits.stream().map(l -> l.substring(0, l.lastIndexOf(','))).toList(), "a,b");
    write("text.csv", List.of("0.1,0.2,soon", "0.3,0.1,later"), "p,q,r");
    pipeline = FilePipeline.of(directory, files, new ForeignModels(ModelLimits.DEFAULT));
  }

  private static List<String> lines(String fixture) throws IOException {
    return Files.readAllLines(Fixtures.file(fixture));
  }

  private void write(String name, List<String> lines, String... head) throws IOException {
    String text = lines.stream().collect(Collectors.joining("\n", "", "\n"));
    Files.writeString(
        files.resolve(name), String.join("\n", head) + (head.length > 0 ? "\n" : "") + text);
  }

  @Test
  void aFileTeachesWhatTheSameColumnsTeach() {
    Report columns = distil("both.csv", "", "{\"columns\": [\"z0\", \"z1\", \"z2\"]}", "");
    JobResult result = run("rows.csv", "", "{\"uri\": \"file:soft-logits.npy\"}", "");
    assertThat(result.report().teacher()).isEqualTo(columns.teacher());
    assertThat(result.report().teacherCheck()).isEqualTo(columns.teacherCheck());
    assertThat(result.report().student().nll()).isEqualTo(columns.student().nll());
    assertThat(result.dataset().softTargets())
        .singleElement()
        .satisfies(
            file -> {
              assertThat(file.uri()).isEqualTo("file:soft-logits.npy");
              assertThat(file.fingerprint()).hasSize(64);
              assertThat(file.rows()).isEqualTo(ROWS);
            });
  }

  @Test
  void columnsThatAreCalledAsTheClassesAreMatchedByName() {
    String parquet = "{\"uri\": \"file:soft-named.parquet\"}";
    TeacherSpec found = resolved("named.csv", parquet, "");
    assertThat(found.classes()).containsExactly("cow", "ant", "bee");
    assertThat(found.outputKind()).isEqualTo(OutputKind.PROBABILITIES);
    Report named = distil("named.csv", "", parquet, "");
    assertThat(named.teacher().accuracy()).isGreaterThan(0.6);
    String wrong = ", \"classes\": [\"ant\", \"bee\", \"cow\"]";
    assertThat(distil("named.csv", "", parquet, wrong).teacher().accuracy()).isLessThan(0.5);
  }

  @Test
  void aTestFileOfItsOwnHasItsOwnSoftTargetsOrNone() {
    String test = ", \"test\": {\"uri\": \"file:rows.csv\"}";
    Report without = distil("rows.csv", test, "{\"uri\": \"file:soft-logits.npy\"}", "");
    assertThat(without.teacher()).isNull();
    assertThat(without.student().agreement()).isNull();
    assertThat(without.student().accuracy()).isPositive();
    assertThat(context.warnings).anyMatch(w -> w.contains("softTargets.test"));
    String both = "{\"uri\": \"file:soft-logits.npy\", \"test\": \"file:soft-logits.npy\"}";
    Report with = distil("rows.csv", test, both, "");
    assertThat(with.teacher().accuracy()).isGreaterThan(0.6);
    assertThat(with.student().agreement()).isPositive();
    assertThat(with.student().accuracy()).isEqualTo(without.student().accuracy());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "short.csv | soft-logits.npy | | row_count_mismatch | uri | 100 rows, but the rows that it belongs to are 99",
        "rows.csv | two.csv | | class_count_mismatch | uri | 2 columns of soft targets, but 3 classes",
        "rows.csv | soft-bad.npy | | not_finite | uri | Row 17, column \"x1\" is NaN",
        "rows.csv | soft-logits.npy | , \"outputKind\": \"probabilities\" | output_kind_mismatch | | but row 2 holds -6.106256",
        "rows.csv | text.csv | | text_in_numeric_column | uri | a column of numbers for each class",
        "rows.csv | nothing.npy | | not_found | uri | ",
      })
  void whatDoesNotFitIsRefusedBeforeTraining(
      String dataset, String file, String more, String code, String field, String message) {
    String targets = "{\"uri\": \"file:" + file + "\"}";
    assertThatThrownBy(() -> resolved(dataset, targets, more == null ? "" : more))
        .isInstanceOfSatisfying(
            RetortException.class,
            e -> {
              assertThat(e.code()).as(e.getMessage()).isEqualTo(code);
              assertThat(e.getMessage()).contains(message == null ? "" : message);
              assertThat(e.violations().get(0).pointer())
                  .isEqualTo(
                      field == null ? "/teacher/outputKind" : "/teacher/softTargets/" + field);
            });
  }

  @Test
  void probabilitiesThatDoNotSumToOneAreRefusedWithTheirRow() throws IOException {
    List<String> rows = lines("sklearn-logistic.expected.csv");
    rows = new java.util.ArrayList<>(rows);
    rows.set(41, "0.5,0.2,0.2");
    write("unsure.csv", rows, "p,q,r");
    assertThatThrownBy(
            () ->
                resolved(
                    "rows.csv",
                    "{\"uri\": \"file:unsure.csv\"}",
                    ", \"outputKind\": \"probabilities\""))
        .hasMessageContaining("row 42 sums to 0.9000");
  }

  private TeacherSpec resolved(String file, String targets, String more) {
    return pipeline
        .inspect(spec(file, "", targets, more), id -> null, Cancellation.NONE)
        .resolved()
        .teacher();
  }

  private Report distil(String file, String parts, String targets, String more) {
    return run(file, parts, targets, more).report();
  }

  private JobResult run(String file, String parts, String targets, String more) {
    return (JobResult) pipeline.run(spec(file, parts, targets, more), context).result();
  }

  private static JobSpec spec(String file, String parts, String targets, String more) {
    String json =
        """
        {"dataset": {"uri": "file:%s"%s}, "teacher": {"softTargets": %s%s},
         "student": {"architecture": {"type": "logistic"}},
         "training": {"epochs": 1}, "evaluation": {"twin": false}}
        """
            .formatted(file, parts, targets, more);
    return SpecReader.read(SpecReader.parse(json.getBytes(StandardCharsets.UTF_8)));
  }
}
