package io.retort.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.retort.model.ModelDefinition;
import io.retort.model.TrainedModel;
import io.retort.spec.Architecture;
import io.retort.spec.Cancellation;
import io.retort.spec.EarlyStoppingSpec;
import io.retort.spec.ObjectiveSpec;
import io.retort.spec.OptimizerSpec;
import io.retort.spec.ScheduleSpec;
import io.retort.spec.TrainingSpec;
import io.retort.spec.TrainingSpec.Monitor;
import io.retort.targets.SoftTargetFile;
import io.retort.teacher.SoftTargets;
import io.retort.testing.NeedsBackend;
import java.nio.FloatBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@NeedsBackend
class TrainerTest {

  private static final int CLASSES = 4;
  private static final ArraySplit TRAIN = ArraySplit.blobs(205, 6, CLASSES, 1);
  private static final ArraySplit VALIDATION = ArraySplit.blobs(90, 6, CLASSES, 2);
  private static final ObjectiveSpec LABELS = ObjectiveSpec.labelsOnly(1, 1);

  @TempDir Path directory;

  @Test
  void learnsAndIsTheSameForTheSameSeed() {
    TrainingOutcome a = train(mlp(0.2), spec(8, 3));
    TrainingOutcome b = train(mlp(0.2), spec(8, 3));
    TrainingOutcome c = train(mlp(0.2), spec(8, 4));
    assertThat(a.model().parameters()).isEqualTo(b.model().parameters());
    assertThat(a.model().parameters()).isNotEqualTo(c.model().parameters());
    assertThat(a.bestValidationAccuracy()).isGreaterThan(0.8);
  }

  @Test
  void theShortLastBatchIsTrainedToo() {
    List<EpochMetrics> epochs = new ArrayList<>();
    train(mlp(0), spec(3, 1), null, LABELS, epochs, Cancellation.NONE);
    // 205 rows in batches of 50
    assertThat(epochs).extracting(EpochMetrics::step).containsExactly(5L, 10L, 15L);
  }

  /** One SGD step on a single batch moves exactly along the mean gradient of its rows. */
  @Test
  void aBatchOfOneRowHasItsOwnGradient() {
    ArraySplit two = TRAIN.part(0, 2);
    ModelDefinition logistic = definition(new Architecture.Logistic());
    TrainingSpec one =
        new TrainingSpec(1, 1, new OptimizerSpec.Sgd(0.1, 0.0, false, 0.0), null, null, null, 9L);
    TrainingOutcome apart = train(logistic, one, two);
    assertThat(apart.steps()).isEqualTo(2);
    float[] start = ParameterLayout.of(logistic).initial(9);
    int first = new RowOrder(2, 9).of(1)[0];
    double[] p = softmaxRegressionStep(start, two.rows()[first], two.label(first), 0.1);
    int second = 1 - first;
    for (int i = 0; i < p.length; i++) {
      start[i] = (float) p[i];
    }
    p = softmaxRegressionStep(start, two.rows()[second], two.label(second), 0.1);
    for (int i = 0; i < p.length; i++) {
      assertThat((double) apart.model().parameters()[i]).isCloseTo(p[i], within(1e-5));
    }
  }

  private static double[] softmaxRegressionStep(float[] p, float[] x, int label, double rate) {
    int columns = x.length;
    double[] z = new double[CLASSES];
    double sum = 0;
    for (int c = 0; c < CLASSES; c++) {
      z[c] = p[columns * CLASSES + c];
      for (int j = 0; j < columns; j++) {
        z[c] += x[j] * p[j * CLASSES + c];
      }
      sum += Math.exp(z[c]);
    }
    double[] result = new double[p.length];
    for (int c = 0; c < CLASSES; c++) {
      double slope = Math.exp(z[c]) / sum - (c == label ? 1 : 0);
      for (int j = 0; j < columns; j++) {
        result[j * CLASSES + c] = p[j * CLASSES + c] - rate * slope * x[j];
      }
      result[columns * CLASSES + c] = p[columns * CLASSES + c] - rate * slope;
    }
    return result;
  }

  @Test
  void aStudentComesCloserToItsTeacherThanItsTwin() {
    TrainedModel teacher = train(mlp(0), spec(20, 1)).model();
    ModelDefinition student = definition(new Architecture.Logistic());
    ObjectiveSpec kd = new ObjectiveSpec(null, 3.0, 1.0, 0.0, null, null, null);
    try (SoftTargets forTrain = targets(teacher, TRAIN, "a");
        SoftTargets forValidation = targets(teacher, VALIDATION, "b")) {
      List<EpochMetrics> epochs = new ArrayList<>();
      TrainedModel distilled =
          train(
                  student,
                  spec(15, 1),
                  new DistillationTargets(forTrain, forValidation),
                  kd,
                  epochs,
                  Cancellation.NONE)
              .model();
      TrainedModel twin = train(student, spec(15, 1)).model();
      assertThat(distance(distilled, forValidation)).isLessThan(distance(twin, forValidation));
      assertThat(epochs.get(14).distillationLoss())
          .isFinite()
          .isLessThan(epochs.get(0).distillationLoss());
    }
  }

  @Test
  void theBestEpochsParametersAreReturned() {
    List<EpochMetrics> epochs = new ArrayList<>();
    TrainingOutcome out = train(mlp(0), spec(12, 1), null, LABELS, epochs, Cancellation.NONE);
    EpochMetrics best = epochs.get(out.bestEpoch() - 1);
    assertThat(epochs).allMatch(e -> e.validationAccuracy() <= best.validationAccuracy());
    assertThat(accuracy(out.model())).isCloseTo(best.validationAccuracy(), within(1e-9));
  }

  @Test
  void stopsEarlyWhenNothingGetsBetter() {
    TrainingSpec spec =
        new TrainingSpec(
            200, 50, adam(0.01), null, Monitor.LOSS, new EarlyStoppingSpec(3, 0.05), 1L);
    TrainingOutcome out = train(mlp(0), spec);
    assertThat(out.epochs()).isLessThan(200);
  }

  @Test
  void sayssoWhenTheLossDiverges() {
    TrainingSpec wild =
        new TrainingSpec(
            50,
            50,
            new OptimizerSpec.Sgd(100.0, 0.99, false, 0.0),
            new ScheduleSpec.Constant(0),
            null,
            null,
            1L);
    assertThatThrownBy(
            () ->
                train(
                    definition(new Architecture.Mlp(List.of(64, 64, 64), null, null, null)), wild))
        .isInstanceOf(TrainingException.class)
        .hasMessageContaining("Lower the learning rate")
        .extracting("code")
        .isEqualTo("diverged");
  }

  @Test
  void endsWithinAStepOfBeingCancelled() {
    AtomicInteger asked = new AtomicInteger();
    assertThatThrownBy(
            () ->
                train(
                    mlp(0),
                    spec(1000, 1),
                    null,
                    LABELS,
                    new ArrayList<>(),
                    () -> asked.incrementAndGet() > 7))
        .isInstanceOf(Cancellation.CancelledException.class);
    assertThat(asked.get()).isEqualTo(8);
  }

  @Test
  void refusesToDistilWithoutATeacher() {
    ObjectiveSpec kd = new ObjectiveSpec(null, 3.0, 1.0, 0.0, null, null, null);
    assertThatIllegalArgumentException()
        .isThrownBy(
            () -> train(mlp(0), spec(1, 1), null, kd, new ArrayList<>(), Cancellation.NONE));
  }

  private static ModelDefinition mlp(double dropout) {
    return definition(new Architecture.Mlp(List.of(24), null, dropout, null));
  }

  private static ModelDefinition definition(Architecture architecture) {
    return new ModelDefinition(architecture, List.of(6), List.of("a", "b", "c", "d"), null);
  }

  private static TrainingSpec spec(int epochs, long seed) {
    return new TrainingSpec(epochs, 50, adam(0.02), null, null, null, seed);
  }

  private static OptimizerSpec adam(double rate) {
    return new OptimizerSpec.Adam(rate, null, null, null);
  }

  private static TrainingOutcome train(ModelDefinition definition, TrainingSpec spec) {
    return train(definition, spec, null, LABELS, new ArrayList<>(), Cancellation.NONE);
  }

  private static TrainingOutcome train(
      ModelDefinition definition, TrainingSpec spec, ArraySplit rows) {
    return new Trainer(1)
        .train(
            new TrainingTask(definition, rows, rows, null, LABELS, spec),
            TrainingListener.SILENT,
            Cancellation.NONE);
  }

  private static TrainingOutcome train(
      ModelDefinition definition,
      TrainingSpec spec,
      @Nullable DistillationTargets targets,
      ObjectiveSpec objective,
      List<EpochMetrics> epochs,
      Cancellation cancellation) {
    TrainingListener listener =
        new TrainingListener() {
          @Override
          public void epochDone(EpochMetrics metrics) {
            epochs.add(metrics);
          }
        };
    return new Trainer(1)
        .train(
            new TrainingTask(definition, TRAIN, VALIDATION, targets, objective, spec),
            listener,
            cancellation);
  }

  private SoftTargets targets(TrainedModel teacher, ArraySplit rows, String name) {
    try (InferenceNetwork network = InferenceNetwork.open(teacher, 32, 1)) {
      return SoftTargetFile.label(
          network, rows, directory.resolve(name), Cancellation.NONE, d -> {});
    }
  }

  private static float[] logits(TrainedModel model) {
    int n = VALIDATION.size();
    FloatBuffer x = FloatBuffer.allocate(n * 6);
    FloatBuffer z = FloatBuffer.allocate(n * CLASSES);
    VALIDATION.gather(IntStream.range(0, n).toArray(), 0, n, x);
    try (InferenceNetwork network = InferenceNetwork.open(model, n, 1)) {
      network.logits(x, n, z);
    }
    return z.array();
  }

  private static double accuracy(TrainedModel model) {
    float[] z = logits(model);
    int right = 0;
    for (int r = 0; r < VALIDATION.size(); r++) {
      int best = 0;
      for (int c = 1; c < CLASSES; c++) {
        best = z[r * CLASSES + c] > z[r * CLASSES + best] ? c : best;
      }
      right += best == VALIDATION.label(r) ? 1 : 0;
    }
    return (double) right / VALIDATION.size();
  }

  /** Mean KL from the teacher at temperature 1. */
  private static double distance(TrainedModel model, SoftTargets teacher) {
    int n = VALIDATION.size();
    FloatBuffer t = FloatBuffer.allocate(n * CLASSES);
    teacher.gather(IntStream.range(0, n).toArray(), 0, n, t);
    LogitBatch student = new LogitBatch(n * CLASSES);
    LogitBatch other = new LogitBatch(n * CLASSES);
    return new ResponseObjective(new ObjectiveSpec(null, 1.0, 1.0, 0.0, null, null, null), CLASSES)
        .evaluate(
            student.read(FloatBuffer.wrap(logits(model)), n * CLASSES),
            other.read(t, n * CLASSES),
            new int[n],
            n,
            null);
  }
}
