package io.retort.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.retort.model.FeatureScaling;
import io.retort.model.ModelDefinition;
import io.retort.model.TrainedModel;
import io.retort.spec.Architecture;
import io.retort.spec.ObjectiveSpec;
import io.retort.testing.NeedsBackend;
import java.nio.ByteBuffer;
import java.nio.FloatBuffer;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.nd4j.autodiff.samediff.SameDiff;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

@NeedsBackend
class NetworksTest {

  private static final List<String> CLASSES = List.of("a", "b", "c");

  static Stream<ModelDefinition> definitions() {
    FeatureScaling scaling =
        new FeatureScaling(Collections.nCopies(16, 0.5f), Collections.nCopies(16, 2f));
    return Stream.of(
        new ModelDefinition(new Architecture.Logistic(), List.of(16), CLASSES, scaling),
        new ModelDefinition(
            new Architecture.Mlp(List.of(8, 8), null, 0.5, true), List.of(16), CLASSES, null),
        new ModelDefinition(
            new Architecture.Cnn1d(List.of(4, 3), null, null, null, 0.2),
            List.of(2, 8),
            CLASSES,
            scaling),
        new ModelDefinition(
            new Architecture.Cnn2d(List.of(4), null, null, null, null, null, null),
            List.of(1, 4, 4),
            CLASSES,
            scaling));
  }

  @ParameterizedTest
  @MethodSource("definitions")
  void theSameDiffFileGivesTheSameLogitsForAnyBatch(ModelDefinition definition) throws Exception {
    TrainedModel model = new TrainedModel(definition, ParameterLayout.of(definition).initial(3));
    int rows = 5;
    float[] x = new float[rows * 16];
    for (int i = 0; i < x.length; i++) {
      x[i] = (float) Math.sin(i);
    }
    FloatBuffer ours = FloatBuffer.allocate(rows * 3);
    try (InferenceNetwork network = InferenceNetwork.open(model, 7, 1)) {
      network.logits(FloatBuffer.wrap(x), rows, ours);
    }
    SameDiff sd = SameDiff.fromFlatBuffers(ByteBuffer.wrap(Networks.sameDiffFile(model)));
    Map<String, INDArray> out =
        sd.output(
            Map.of("features", Nd4j.createFromArray(x).reshape(rows, 16)),
            "logits",
            "probabilities");
    for (int i = 0; i < rows * 3; i++) {
      assertThat(out.get("logits").getFloat(i / 3, i % 3)).isCloseTo(ours.get(i), within(1e-5f));
    }
    assertThat(out.get("probabilities").sumNumber().doubleValue()).isCloseTo(rows, within(1e-5));
  }

  @ParameterizedTest
  @MethodSource("definitions")
  void itsSizeIsThatOfItsParameters(ModelDefinition definition) {
    assertThat(NetworkSize.of(definition).parameters())
        .isEqualTo(ParameterLayout.of(definition).size());
  }

  @Test
  void countsMultiplyAddsPerOutput() {
    NetworkSize size =
        NetworkSize.of(
            new ModelDefinition(
                new Architecture.Cnn2d(List.of(16, 32), null, null, List.of(64), null, null, null),
                List.of(1, 28, 28),
                CLASSES,
                null));
    // 3x3 over 28x28, 3x3x16 over 14x14, 7*7*32 to 64, 64 to 3
    assertThat(size.multiplyAdds())
        .isEqualTo(9 * 16 * 784 + 9 * 16 * 32 * 196 + 1568 * 64 + 64 * 3);
    assertThat(size.parameters())
        .isEqualTo(9 * 16 + 16 + 9 * 16 * 32 + 32 + 1568 * 64 + 64 + 64 * 3 + 3);
  }

  @Test
  void refusesRowsThatAnArchitectureCannotRead() {
    assertRefused(
        new Architecture.Cnn2d(List.of(4), null, null, null, null, null, null),
        List.of(40),
        "cnn2d reads images");
    assertRefused(
        new Architecture.Cnn2d(List.of(4, 4, 4), null, 2, null, null, null, null),
        List.of(1, 4, 4),
        "pooling by 2 leaves nothing");
    assertRefused(
        new Architecture.Cnn1d(List.of(4), null, null, null, null),
        List.of(1, 28, 28),
        "cnn1d reads rows");
    assertRefused(
        new Architecture.Cnn1d(List.of(4, 4), List.of(5), null, null, null),
        List.of(40),
        "2 channels but 1 kernels");
    assertRefused(
        new Architecture.Mlp(List.of(16_384, 16_384), null, null, null),
        List.of(40),
        "parameters; at most");
    assertRefused(
        new Architecture.Cnn2d(List.of(2048), null, 1, null, null, null, null),
        List.of(1, 100, 100),
        "numbers a row");
  }

  private static void assertRefused(
      Architecture architecture, List<Integer> shape, String message) {
    assertThatThrownBy(
            () ->
                Networks.check(
                    new ModelDefinition(architecture, shape, CLASSES, null),
                    "/student/architecture"))
        .isInstanceOf(TrainingException.class)
        .hasMessageContaining(message);
  }

  @Test
  void writesTheObjectiveAsText() {
    assertThat(Formula.of(new ObjectiveSpec(null, 4.0, 0.9, 0.1, null, null, null)))
        .isEqualTo(
            "loss = 0.9 * 4^2 * KL(softmax(t / 4) || softmax(s / 4)) + 0.1 * CE(y, softmax(s))");
    assertThat(
            Formula.of(
                new ObjectiveSpec(
                    null, 2.5, 1.0, 1.0, ObjectiveSpec.Convention.ARTICLE, null, null)))
        .isEqualTo("loss = 1 * KL(softmax(t / 2.5) || softmax(s / 2.5)) + CE(y, softmax(s / 2.5))");
    assertThat(
            Formula.of(
                new ObjectiveSpec(
                    ObjectiveSpec.Distillation.MSE, null, 1.0, 0.0, null, null, null)))
        .isEqualTo("loss = 1 * mean((s - t)^2)");
  }

  @Test
  void statisticsAreThoseOfTheColumns() {
    ArraySplit rows = new ArraySplit(new float[][] {{1, 5, 1e6f}, {3, 5, 1e6f + 2}}, new int[2]);
    FeatureScaling scaling = FeatureStatistics.of(rows);
    assertThat(scaling.mean()).containsExactly(2f, 5f, 1e6f + 1);
    assertThat(scaling.deviation()).containsExactly(1f, 1f, 1f);
  }

  @Test
  void inferenceTakesNoMoreRowsThanItWasOpenedFor() {
    ModelDefinition definition =
        new ModelDefinition(new Architecture.Logistic(), List.of(2), CLASSES, null);
    TrainedModel model = new TrainedModel(definition, ParameterLayout.of(definition).initial(1));
    try (InferenceNetwork network = InferenceNetwork.open(model, 2, 1)) {
      assertThatThrownBy(() -> network.logits(FloatBuffer.allocate(6), 3, FloatBuffer.allocate(9)))
          .hasMessageContaining("not in 1..2");
      assertThat(IntStream.of(network.maxBatch(), network.columns()).sum()).isEqualTo(4);
    }
  }
}
