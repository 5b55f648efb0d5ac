package io.retort.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.retort.model.FeatureScaling;
import io.retort.model.ModelDefinition;
import io.retort.spec.Activation;
import io.retort.spec.Architecture;
import io.retort.testing.NeedsBackend;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/** Every layer's gradient against central differences, in double precision. */
@NeedsBackend
class GradientTest {

  private static final int BATCH = 3;
  private static final double STEP = 1e-6;

  static Stream<Arguments> networks() {
    return Stream.of(
        net("logistic", new Architecture.Logistic(), List.of(5), null),
        net("scaled", new Architecture.Logistic(), List.of(3), scaling()),
        net("relu", mlp(Activation.RELU, 0, false), List.of(5), null),
        net("tanh", mlp(Activation.TANH, 0, false), List.of(5), null),
        net("sigmoid", mlp(Activation.SIGMOID, 0, false), List.of(5), null),
        net("gelu", mlp(Activation.GELU, 0, false), List.of(5), null),
        net("residual", mlp(Activation.RELU, 0, true), List.of(5), null),
        net("dropout", mlp(Activation.RELU, 0.4, false), List.of(5), null),
        net("cnn1d", cnn1d(2, 0), List.of(9), null),
        net("cnn1d, stride 1", cnn1d(1, 0), List.of(7), null),
        net("cnn1d of channels, dropout", cnn1d(3, 0.3), List.of(2, 10), null),
        net("cnn2d", cnn2d(1), List.of(2, 5, 4), null),
        net("cnn2d, pooled", cnn2d(2), List.of(1, 9, 8), null),
        net("cnn2d, batch norm", normalised(), List.of(2, 6, 5), null),
        net("resnet", new Architecture.Resnet(6, List.of(2, 3)), List.of(2, 5, 4), null));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("networks")
  void agreesWithFiniteDifferences(String name, ModelDefinition definition) {
    ParameterLayout layout = ParameterLayout.of(definition);
    try (FlatParameters parameters = new FlatParameters(layout, DataType.DOUBLE);
        FlatParameters gradients = new FlatParameters(layout, DataType.DOUBLE);
        CapturedStep step =
            new CapturedStep(
                definition, parameters, gradients, List.of(), BATCH, DataType.DOUBLE, false)) {
      SplittableRandom random = new SplittableRandom(5);
      fill(parameters.vector(), random, 0.6);
      fill(step.features(), random, 1);
      fill(step.logitGradient(), random, 1);
      for (INDArray mask : step.maskArrays()) {
        for (long i = 0; i < mask.length(); i++) {
          mask.putScalar(i, random.nextBoolean() ? 0 : 1.7);
        }
      }
      step.forward();
      step.backward();
      INDArray found = gradients.vector().dup();
      for (int i = 0; i < layout.trained(); i++) {
        double value = parameters.vector().getDouble(i);
        double slope =
            (loss(step, parameters, i, value + STEP) - loss(step, parameters, i, value - STEP))
                / (2 * STEP);
        parameters.vector().putScalar(i, value);
        assertThat(found.getDouble(i))
            .as("%s, parameter %d", name, i)
            .isCloseTo(slope, within(1e-7 * Math.max(1, Math.abs(slope))));
      }
      assertThat(found.amaxNumber().doubleValue()).isGreaterThan(0.01);
    }
  }

  /** Sum of logits times the given gradient. */
  private static double loss(CapturedStep step, FlatParameters parameters, int i, double value) {
    parameters.vector().putScalar(i, value);
    step.forward();
    return step.logits().mul(step.logitGradient()).sumNumber().doubleValue();
  }

  private static void fill(INDArray array, SplittableRandom random, double scale) {
    INDArray flat = array.reshape(array.length());
    for (long i = 0; i < array.length(); i++) {
      flat.putScalar(i, scale * random.nextGaussian());
    }
  }

  private static Arguments net(
      String name,
      Architecture architecture,
      List<Integer> shape,
      @Nullable FeatureScaling scaling) {
    return Arguments.of(
        name, new ModelDefinition(architecture, shape, List.of("a", "b", "c"), scaling));
  }

  private static FeatureScaling scaling() {
    return new FeatureScaling(List.of(1f, -2f, 0.5f), List.of(2f, 0.25f, 1f));
  }

  private static Architecture mlp(Activation activation, double dropout, boolean residual) {
    return new Architecture.Mlp(List.of(4, 4), activation, dropout, residual);
  }

  private static Architecture cnn1d(int stride, double dropout) {
    return new Architecture.Cnn1d(List.of(3, 2), List.of(5, 3), stride, Activation.TANH, dropout);
  }

  private static Architecture cnn2d(int pool) {
    return new Architecture.Cnn2d(List.of(3, 2), 3, pool, List.of(4), Activation.RELU, 0.0, false);
  }

  private static Architecture normalised() {
    return new Architecture.Cnn2d(List.of(3, 2), 3, 2, List.of(4), Activation.TANH, 0.0, true);
  }
}
