package io.retort.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.retort.model.ModelDefinition;
import io.retort.spec.Architecture;
import io.retort.spec.Cancellation;
import io.retort.spec.ObjectiveSpec;
import io.retort.spec.OptimizerSpec;
import io.retort.spec.SpecReader;
import io.retort.spec.TrainingSpec;
import io.retort.teacher.Tap;
import io.retort.testing.NeedsBackend;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Terms over a whole training; 205 rows in batches of 51 leave one row for the last. */
@NeedsBackend
class TermTrainingTest {

  private static final ArraySplit TRAIN = ArraySplit.blobs(205, 6, 4, 1);
  private static final ArraySplit VALIDATION = ArraySplit.blobs(90, 6, 4, 2);
  private static final ArrayTargets FEATURES = mixtures(TRAIN);
  private static final int EPOCHS = 3;
  private static final int CHECKS = EPOCHS * 6;

  private static final String TERMS =
      """
      {"tauSchedule": {"type": "linear", "to": 1}, "alpha": 0.5, "terms": [
        {"type": "hint", "weight": 2, "student": "hidden1", "teacher": "t"},
        {"type": "rkd-distance", "student": "penultimate", "teacher": "t"},
        {"type": "crd", "student": "penultimate", "teacher": "t", "negatives": 70, "width": 16},
        {"type": "dkd", "warmupEpochs": 2}]}
      """;

  @TempDir Path directory;

  /** Seven mixtures of each row's features, which a linear layer can learn. */
  private static ArrayTargets mixtures(ArraySplit rows) {
    float[][] all = new float[rows.size()][7];
    for (int r = 0; r < all.length; r++) {
      for (int c = 0; c < 7; c++) {
        for (int j = 0; j < rows.columns(); j++) {
          all[r][c] += (float) (rows.rows()[r][j] * Math.sin(1 + 3 * c + 5 * j));
        }
      }
    }
    return new ArrayTargets(all);
  }

  /** With parts that are computed once for all rows and ahead of the steps. */
  private static final String RELATIONS =
      """
      {"terms": [
        {"type": "pkt", "student": "penultimate", "teacher": "t"},
        {"type": "similarity", "student": "hidden1", "teacher": "t"}]}
      """;

  @ParameterizedTest
  @ValueSource(strings = {TERMS, RELATIONS})
  void aTrainingOfTermsStoppedAnywhereEndsAsIfItHadNotBeen(String terms) {
    List<EpochMetrics> whole = new ArrayList<>();
    TrainingOutcome expected = run(terms, "whole", Integer.MAX_VALUE, whole);
    for (int stop = 1; stop <= CHECKS; stop++) {
      int at = stop;
      assertThatThrownBy(() -> run(terms, "cut" + at, at, new ArrayList<>()))
          .isInstanceOf(Cancellation.CancelledException.class);
      List<EpochMetrics> epochs = new ArrayList<>();
      TrainingOutcome resumed = run(terms, "cut" + at, Integer.MAX_VALUE, epochs);
      assertThat(resumed.model().parameters()).isEqualTo(expected.model().parameters());
      assertThat(epochs).isEqualTo(whole);
    }
  }

  @Test
  void everyEpochSaysWhichPartDrivesIt() {
    List<EpochMetrics> epochs = new ArrayList<>();
    run(TERMS, "told", Integer.MAX_VALUE, epochs);
    for (EpochMetrics epoch : epochs) {
      Map<String, Double> terms = epoch.terms();
      assertThat(terms.keySet())
          .containsExactly(
              "term.hint.loss",
              "term.hint.share",
              "term.rkd-distance.loss",
              "term.rkd-distance.share",
              "term.crd.loss",
              "term.crd.share",
              "term.dkd.loss",
              "term.dkd.share",
              "gradient.distillation",
              "gradient.student",
              "gradient.hint",
              "gradient.rkd-distance",
              "gradient.crd",
              "gradient.dkd");
      // though the last batch has one row, for which there are no relations
      assertThat(terms).allSatisfy((name, value) -> assertThat(value).isPositive());
      double weight = epoch.epoch() == 1 ? 0.5 : 1;
      double sum =
          0.5 * epoch.distillationLoss()
              + epoch.studentLoss()
              + 2 * terms.get("term.hint.loss")
              + 25 * terms.get("term.rkd-distance.loss")
              + 0.8 * terms.get("term.crd.loss")
              + weight * terms.get("term.dkd.loss");
      assertThat(epoch.loss()).isCloseTo(sum, org.assertj.core.api.Assertions.within(1e-9 * sum));
    }
    assertThat(epochs.get(2).terms().get("term.hint.loss"))
        .isLessThan(epochs.get(0).terms().get("term.hint.loss"));
  }

  /** A student that learns nothing but a hint comes to have the teacher's features. */
  @Test
  void aHintAloneBringsTheFeaturesTogether() {
    String hint =
        "{\"beta\": 0, \"terms\": [{\"type\": \"hint\", \"weight\": 1,"
            + " \"student\": \"hidden1.pre\", \"teacher\": \"t\"}]}";
    List<EpochMetrics> epochs = new ArrayList<>();
    run(hint, "hint", Integer.MAX_VALUE, epochs);
    assertThat(epochs.get(2).loss()).isLessThan(0.95 * epochs.get(0).loss());
    assertThat(epochs.get(2).distillationLoss()).isNaN();
  }

  private TrainingOutcome run(String json, String name, int stop, List<EpochMetrics> to) {
    ObjectiveSpec objective = SpecReader.mapper().readValue(json, ObjectiveSpec.class);
    AtomicInteger checks = new AtomicInteger();
    ModelDefinition student =
        new ModelDefinition(
            new Architecture.Mlp(List.of(5, 5), null, 0.2, null),
            List.of(6),
            List.of("a", "b", "c", "d"),
            null);
    return new Trainer(1)
        .train(
            new TrainingTask(
                student,
                TRAIN,
                VALIDATION,
                new DistillationTargets(
                    ArrayTargets.random(205, 4),
                    ArrayTargets.random(90, 4),
                    List.of(new TeacherTap(new Tap("t", List.of(7)), FEATURES))),
                objective,
                new TrainingSpec(
                    EPOCHS,
                    51,
                    new OptimizerSpec.Adam(0.02, null, null, null),
                    null,
                    null,
                    null,
                    5L)),
            new TrainingListener() {
              @Override
              public void epochDone(EpochMetrics metrics) {
                to.add(metrics);
              }
            },
            () -> checks.incrementAndGet() >= stop,
            new CheckpointPlace(directory, Duration.ofDays(1), () -> stop < CHECKS + 1, () -> {}),
            name,
            "data");
  }
}
