package io.retort.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.retort.model.FeatureScaling;
import io.retort.model.ModelDefinition;
import io.retort.plan.NativeMemory;
import io.retort.spec.Activation;
import io.retort.spec.Architecture;
import io.retort.testing.NeedsBackend;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/** Asks the arrays themselves: neither ND4J nor JavaCPP counts the bytes of arrays. */
@NeedsBackend
class NativeMemoryTest {

  static List<Architecture> architectures() {
    return List.of(
        new Architecture.Mlp(List.of(8, 8), Activation.GELU, 0.3, true),
        new Architecture.Cnn1d(List.of(3, 2), null, 2, Activation.RELU, 0.3),
        new Architecture.Cnn2d(List.of(3), 3, 2, List.of(4), Activation.TANH, 0.3, false));
  }

  @ParameterizedTest
  @MethodSource("architectures")
  void aStepFreesEveryArrayOfItsOwnAndNoOther(Architecture architecture) {
    ModelDefinition definition = definition(architecture);
    ParameterLayout layout = ParameterLayout.of(definition);
    try (FlatParameters parameters = new FlatParameters(layout, DataType.FLOAT);
        FlatParameters gradients = new FlatParameters(layout, DataType.FLOAT)) {
      CapturedStep step =
          new CapturedStep(definition, parameters, gradients, List.of(), 4, DataType.FLOAT, true);
      List<INDArray> own =
          step.arrays().stream()
              .filter(a -> !identities(gradients).contains(System.identityHashCode(a)))
              .filter(a -> !identities(parameters).contains(System.identityHashCode(a)))
              .toList();
      step.forward();
      step.backward();
      step.close();
      assertThat(own).hasSizeGreaterThan(10).allMatch(INDArray::wasClosed);
      assertThat(parameters.vector().wasClosed()).isFalse();
      assertThat(gradients.vector().wasClosed()).isFalse();
    }
  }

  @Test
  void whatIsOwnedIsClosedEvenWhenSomethingElseFailsToClose() {
    NativeMemory memory = new NativeMemory();
    INDArray array = memory.array(DataType.FLOAT, 3);
    memory.own(
        () -> {
          throw new IllegalStateException("broken");
        });
    assertThatThrownBy(memory::close).isInstanceOf(IllegalStateException.class);
    assertThat(array.wasClosed()).isTrue();
    memory.close();
  }

  private static Set<Integer> identities(FlatParameters parameters) {
    return parameters.views().values().stream()
        .map(System::identityHashCode)
        .collect(Collectors.toSet());
  }

  private static ModelDefinition definition(Architecture architecture) {
    List<Integer> shape =
        architecture instanceof Architecture.Cnn2d ? List.of(1, 4, 4) : List.of(16);
    FeatureScaling scaling =
        new FeatureScaling(Collections.nCopies(16, 1f), Collections.nCopies(16, 2f));
    return new ModelDefinition(architecture, shape, List.of("a", "b"), scaling);
  }
}
