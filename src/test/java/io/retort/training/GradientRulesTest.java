package io.retort.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.retort.model.ModelDefinition;
import io.retort.plan.GradientRules;
import io.retort.spec.Activation;
import io.retort.spec.Architecture;
import io.retort.testing.NeedsBackend;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.nd4j.autodiff.functions.DifferentialFunction;
import org.nd4j.autodiff.samediff.SDVariable;
import org.nd4j.autodiff.samediff.SameDiff;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

@NeedsBackend
class GradientRulesTest {

  private final SplittableRandom random = new SplittableRandom(1);
  private final SameDiff sd = SameDiff.create();

  @Test
  void reluIsDifferentiatedAsSameDiffDoesIt() {
    INDArray x = gaussian(4, 6);
    x.putScalar(0, 0, 0);
    SDVariable y = sd.nn.relu(sd.constant("x", x), 0);
    assertSameGradients(only(), sd.constant("slope", gaussian(4, 6)), y);
  }

  @Test
  void aProductIsDifferentiatedAsSameDiffDoesIt() {
    SDVariable y = sd.constant("a", gaussian(4, 6)).mmul(sd.constant("b", gaussian(6, 3)));
    assertSameGradients(only(), sd.constant("slope", gaussian(4, 3)), y);
  }

  private DifferentialFunction only() {
    return sd.getOps().values().iterator().next().getOp();
  }

  private static void assertSameGradients(
      DifferentialFunction op, SDVariable slope, SDVariable output) {
    assertThat(output.name()).isEqualTo(op.outputVariable().name());
    List<SDVariable> ours = GradientRules.differentiate(op, List.of(slope));
    List<SDVariable> theirs = op.doDiff(new ArrayList<>(List.of(slope)));
    assertThat(ours).hasSameSizeAs(theirs);
    for (int i = 0; i < ours.size(); i++) {
      double[] expected = theirs.get(i).eval().dup('c').ravel().toDoubleVector();
      assertThat(ours.get(i).eval().dup('c').ravel().toDoubleVector())
          .containsExactly(expected, within(1e-14));
    }
  }

  /** SameDiff's own derivative of GELU is not a number there. */
  @Test
  void activationsAndTheirGradientsStayFiniteFarOut() {
    for (Activation activation : Activation.values()) {
      for (double x : new double[] {-1e4, -50, 50, 1e4}) {
        assertThat(gradients(activation, x))
            .as("%s at %s", activation, x)
            .allSatisfy(g -> assertThat(g).isFinite());
      }
    }
  }

  @Test
  void geluIsTheIdentityFarToTheRight() {
    assertThat(gradients(Activation.GELU, 100).get(0)).isCloseTo(100f, within(1e-4f));
  }

  /** Gradients of an MLP of one unit whose hidden layer sees {@code x}, with slope 1. */
  private static List<Float> gradients(Activation activation, double x) {
    ModelDefinition definition =
        new ModelDefinition(
            new Architecture.Mlp(List.of(1), activation, 0.0, false),
            List.of(1),
            List.of("a", "b"),
            null);
    ParameterLayout layout = ParameterLayout.of(definition);
    float[] result = new float[layout.size()];
    try (FlatParameters parameters = new FlatParameters(layout, DataType.FLOAT);
        FlatParameters gradients = new FlatParameters(layout, DataType.FLOAT);
        CapturedStep step =
            new CapturedStep(
                definition, parameters, gradients, List.of(), 1, DataType.FLOAT, true)) {
      parameters.write(new float[] {1, 0, 1, 1, 0, 0});
      step.features().assign(x);
      step.logitGradient().putScalar(0, 0, 1);
      step.forward();
      step.backward();
      gradients.read(result);
      List<Float> all = new ArrayList<>();
      all.add(step.logits().getFloat(0, 0));
      for (float g : result) {
        all.add(g);
      }
      return all;
    }
  }

  private INDArray gaussian(int rows, int columns) {
    INDArray array = Nd4j.create(DataType.DOUBLE, rows, columns);
    for (long i = 0; i < array.length(); i++) {
      array.putScalar(i, random.nextGaussian());
    }
    return array;
  }
}
