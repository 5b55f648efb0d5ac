package io.retort.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.retort.testing.NeedsBackend;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.stream.DoubleStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/** Terms with oneDNN's kernels against the same terms with ND4J's operations. */
@NeedsBackend(cpu = true)
class TermKernelsTest {

  @ParameterizedTest(name = "{0}, batch {1}, {2} and {3}")
  @MethodSource("io.retort.training.TermTest#shapes")
  void giveTheSameLossAndGradients(
      String type, int batch, List<List<Integer>> student, List<List<Integer>> teacher) {
    double[] kernels = numbers(type, batch, student, teacher, true);
    double[] plain = numbers(type, batch, student, teacher, false);
    double scale = Arrays.stream(plain).map(Math::abs).max().orElseThrow();
    assertThat(scale).isFinite();
    // a loss that is a difference of numbers near 1 has their rounding
    assertThat(kernels).containsExactly(plain, within(1e-6 + 2e-5 * scale));
  }

  /** The loss and all gradients in single precision. */
  private static double[] numbers(
      String type,
      int batch,
      List<List<Integer>> student,
      List<List<Integer>> teacher,
      boolean rewrite) {
    SplittableRandom random = new SplittableRandom(3);
    try (TermHarness term =
        new TermHarness(TermTest.small(type), batch, student, teacher, DataType.FLOAT, rewrite)) {
      for (int t = 0; t < student.size(); t++) {
        term.student(t, (i, c, p) -> random.nextGaussian());
        term.teacher(t, (i, c, p) -> random.nextGaussian());
      }
      if (rewrite) {
        assertThat(Set.copyOf(term.terms.leftToNd4j())).isSubsetOf("sign", "subtract");
      }
      DoubleStream all = DoubleStream.of(term.loss());
      for (int t = 0; t < student.size(); t++) {
        all = DoubleStream.concat(all, values(term.gradients.get("" + t)));
      }
      if (term.partGradients != null) {
        all = DoubleStream.concat(all, values(term.partGradients.vector()));
      }
      return all.toArray();
    }
  }

  private static DoubleStream values(INDArray array) {
    return Arrays.stream(array.reshape(array.length()).toDoubleVector());
  }
}
