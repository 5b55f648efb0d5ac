package io.retort.training;

import static org.assertj.core.api.Assertions.assertThat;

import io.retort.model.FeatureScaling;
import io.retort.model.ModelDefinition;
import io.retort.spec.Activation;
import io.retort.spec.Architecture;
import io.retort.testing.NeedsBackend;
import java.util.Collections;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/** Steps with oneDNN's kernels against the same steps with ND4J's operations. */
@NeedsBackend(cpu = true)
class RewriteRulesTest {

  private static final int BATCH = 7;

  static Stream<Arguments> networks() {
    return Stream.of(
        net("logistic", new Architecture.Logistic(), 40),
        net("mlp relu", mlp(Activation.RELU, 0, false), 40),
        net("mlp tanh", mlp(Activation.TANH, 0, false), 40),
        net("mlp sigmoid", mlp(Activation.SIGMOID, 0, false), 40),
        net("mlp gelu", mlp(Activation.GELU, 0, false), 40),
        net("mlp residual", mlp(Activation.RELU, 0, true), 40),
        net("mlp wide", new Architecture.Mlp(List.of(2400), Activation.RELU, 0.0, false), 2500),
        net("mlp dropout", mlp(Activation.RELU, 0.4, false), 40),
        net("cnn1d", new Architecture.Cnn1d(List.of(5, 6), null, 2, Activation.RELU, 0.3), 40),
        net(
            "cnn1d tanh",
            new Architecture.Cnn1d(List.of(5, 6), null, 3, Activation.TANH, 0.0),
            2,
            21),
        net("cnn2d", cnn2d(3, 2, Activation.RELU, false), 1, 12, 10),
        net("cnn2d of colours", cnn2d(5, 3, Activation.GELU, false), 3, 13, 11),
        net("cnn2d without pooling", cnn2d(2, 1, Activation.SIGMOID, false), 3, 6, 5),
        net("cnn2d batch norm", cnn2d(3, 2, Activation.RELU, true), 3, 12, 10),
        net("resnet", new Architecture.Resnet(8, List.of(4, 6, 9)), 3, 11, 8),
        net("resnet 14", new Architecture.Resnet(14, List.of(16, 32, 64)), 3, 16, 16));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("networks")
  void giveTheSameLogitsAndGradients(String name, ModelDefinition definition) {
    float[] plain = step(definition, false);
    float[] rewritten = step(definition, true);
    assertThat(difference(rewritten, plain)).isLessThan(2e-5);
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("networks")
  void leaveNothingOfAStepToNd4j(String name, ModelDefinition definition) {
    ParameterLayout layout = ParameterLayout.of(definition);
    try (FlatParameters parameters = new FlatParameters(layout, DataType.FLOAT);
        FlatParameters gradients = new FlatParameters(layout, DataType.FLOAT);
        CapturedStep step =
            new CapturedStep(
                definition, parameters, gradients, List.of(), BATCH, DataType.FLOAT, true)) {
      assertThat(step.leftToNd4j()).isEmpty();
    }
  }

  /** Logits, gradients and running statistics of two steps, the second from other parameters. */
  private static float[] step(ModelDefinition definition, boolean rewrite) {
    ParameterLayout layout = ParameterLayout.of(definition);
    SplittableRandom random = new SplittableRandom(3);
    int classes = definition.classes().size();
    float[] all = new float[BATCH * classes + 2 * layout.size()];
    try (FlatParameters parameters = new FlatParameters(layout, DataType.FLOAT);
        FlatParameters gradients = new FlatParameters(layout, DataType.FLOAT);
        CapturedStep step =
            new CapturedStep(
                definition, parameters, gradients, List.of(), BATCH, DataType.FLOAT, rewrite)) {
      for (int repeat = 0; repeat < 2; repeat++) {
        parameters.write(layout.initial(repeat + 1));
        fill(step.features(), random);
        fill(step.logitGradient(), random);
        for (INDArray mask : step.maskArrays()) {
          for (long i = 0; i < mask.length(); i++) {
            mask.putScalar(i, random.nextBoolean() ? 0 : 1.7);
          }
        }
        step.forward();
        step.updateStatistics();
        step.backward();
      }
      step.logits().data().asNioFloat().get(0, all, 0, BATCH * classes);
      gradients.floats().get(0, all, BATCH * classes, layout.trained());
      parameters.floats().get(0, all, BATCH * classes + layout.size(), layout.size());
      return all;
    }
  }

  /** The largest difference, relative to the largest number. */
  private static double difference(float[] a, float[] b) {
    double difference = 0;
    double scale = 0;
    for (int i = 0; i < a.length; i++) {
      assertThat(a[i]).isFinite();
      difference = Math.max(difference, Math.abs(a[i] - b[i]));
      scale = Math.max(scale, Math.abs(b[i]));
    }
    assertThat(scale).isGreaterThan(0.01);
    return difference / scale;
  }

  private static void fill(INDArray array, SplittableRandom random) {
    INDArray flat = array.reshape(array.length());
    for (long i = 0; i < array.length(); i++) {
      flat.putScalar(i, random.nextGaussian());
    }
  }

  private static Arguments net(String name, Architecture architecture, Integer... shape) {
    int columns = Stream.of(shape).reduce(1, (a, b) -> a * b);
    FeatureScaling scaling =
        new FeatureScaling(Collections.nCopies(columns, 0.5f), Collections.nCopies(columns, 2f));
    return Arguments.of(
        name, new ModelDefinition(architecture, List.of(shape), List.of("a", "b", "c"), scaling));
  }

  private static Architecture mlp(Activation activation, double dropout, boolean residual) {
    return new Architecture.Mlp(List.of(33, 33), activation, dropout, residual);
  }

  private static Architecture cnn2d(int kernel, int pool, Activation activation, boolean norm) {
    return new Architecture.Cnn2d(List.of(5, 8), kernel, pool, List.of(9), activation, 0.0, norm);
  }
}
