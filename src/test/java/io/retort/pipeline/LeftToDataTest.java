package io.retort.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import io.retort.model.foreign.ForeignModels;
import io.retort.model.foreign.ModelLimits;
import io.retort.spec.Cancellation;
import io.retort.spec.JobSpec;
import io.retort.spec.SpecReader;
import io.retort.testing.NeedsBackend;
import io.retort.testing.QuietContext;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Objects;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A small table as people have them, in units of its own, with no setting but the networks. */
@NeedsBackend
class LeftToDataTest {

  @TempDir Path directory;
  private Pipeline pipeline;

  /**
   * 150 rows: the class is whether income and rate, each in its own unit, lie above their means.
   */
  @BeforeEach
  void write() throws IOException {
    Path files = Files.createDirectory(directory.resolve("files"));
    Random random = new Random(5);
    StringBuilder csv = new StringBuilder("income,rate,label\n");
    for (int i = 0; i < 150; i++) {
      double income = random.nextGaussian();
      double rate = random.nextGaussian();
      csv.append(
          String.format(
              Locale.ROOT,
              "%.1f,%.6f,%s%n",
              40_000 + 9_000 * income,
              0.02 + 0.004 * rate,
              income + rate > 0 ? "pays" : "owes"));
    }
    Files.writeString(files.resolve("loans.csv"), csv);
    pipeline = FilePipeline.of(directory, files, new ForeignModels(ModelLimits.DEFAULT));
  }

  private static JobSpec spec(String dataset, String training) {
    String json =
        """
        {"dataset": %s, "training": %s, "teacher": {"architecture": {"type": "mlp", "hidden": [32]}},
         "student": {"architecture": {"type": "mlp", "hidden": [8]}}}
        """
            .formatted(dataset, training);
    return SpecReader.read(SpecReader.parse(json.getBytes(StandardCharsets.UTF_8)));
  }

  private JobSpec resolved(String dataset, String training) {
    return pipeline
        .inspect(
            spec(dataset, training),
            id -> {
              throw new AssertionError(id);
            },
            Cancellation.NONE)
        .resolved();
  }

  @Test
  void smallTablesInUnitsOfTheirOwnAreLearned() throws IOException {
    QuietContext context =
        new QuietContext(Files.createDirectory(directory.resolve("work")), id -> null);
    PipelineOutcome outcome = pipeline.run(spec("{\"uri\": \"file:loans.csv\"}", "{}"), context);
    Report report = (Report) outcome.report();
    assertThat(report.teacher().accuracy()).isGreaterThan(0.85);
    assertThat(report.twin().accuracy()).isGreaterThan(0.85);
    assertThat(report.student().accuracy()).isGreaterThan(0.85);
  }

  @Test
  void whatTheDataDecideStandsInTheResolvedSpec() {
    JobSpec found = resolved("{\"uri\": \"file:loans.csv\"}", "{}");
    assertThat(found.dataset().standardize()).isTrue();
    // 70 % of 75 rows of either class, about: 64,000 / 105 epochs
    assertThat(found.training().epochs()).isBetween(600, 620);
    assertThat(Objects.requireNonNull(Objects.requireNonNull(found.teacher()).training()).epochs())
        .isEqualTo(found.training().epochs());
    JobSpec sample = resolved("{\"uri\": \"sample:mnist1d\"}", "{}");
    assertThat(sample.dataset().standardize()).isFalse();
    assertThat(sample.training().epochs()).isEqualTo(50);
  }

  @Test
  void whatIsGivenStays() {
    JobSpec found =
        resolved("{\"uri\": \"file:loans.csv\", \"standardize\": false}", "{\"epochs\": 7}");
    assertThat(found.dataset().standardize()).isFalse();
    assertThat(found.training().epochs()).isEqualTo(7);
  }
}
