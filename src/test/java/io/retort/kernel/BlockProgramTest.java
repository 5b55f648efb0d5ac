package io.retort.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.retort.kernel.BlockProgram.Function;
import io.retort.kernel.BlockProgram.Pair;
import io.retort.testing.NeedsBackend;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** Programs by hand, on arrays of less than a block and of many blocks with a short last one. */
@NeedsBackend(cpu = true)
class BlockProgramTest {

  private static final float[] X = {3, -1, 0, 2.5f, -4, 1};

  private static INDArray row(float... values) {
    return Nd4j.createFromArray(values);
  }

  private static float[] applied(Function function, float... x) {
    try (INDArray in = row(x);
        INDArray out = row(new float[x.length])) {
      BlockProgram program = new BlockProgram(x.length);
      program.store(program.apply(function, program.load(in)), out);
      program.build().run();
      return out.toFloatVector();
    }
  }

  @Test
  void functionsOfOneNumber() {
    assertThat(applied(Function.ROOT, 4, 2.25f)).containsExactly(2, 1.5f);
    assertThat(applied(Function.RECIPROCAL, 4, -2)).containsExactly(.25f, -.5f);
    assertThat(applied(Function.ABSOLUTE, X)).containsExactly(3, 1, 0, 2.5f, 4, 1);
    assertThat(applied(Function.RELU, X)).containsExactly(3, 0, 0, 2.5f, 0, 1);
    assertThat(applied(Function.SIGN, X)).containsExactly(1, -1, 0, 1, -1, 1);
    assertThat(applied(Function.UNIT_CLIP, X)).containsExactly(1, -1, 0, 1, -1, 1);
    assertThat(applied(Function.UNIT_CLIP, .5f, -.25f)).containsExactly(.5f, -.25f);
    assertThat(applied(Function.IS_POSITIVE, X)).containsExactly(1, 0, 0, 1, 0, 1);
    assertThat(applied(Function.IS_POSITIVE, 1e-37f, -1e-37f)).containsExactly(1, 0);
  }

  @Test
  void functionsOfTwoNumbers() {
    float[][] expected = {{7, 1}, {3, -5}, {10, -6}, {2.5f, -2 / 3f}, {5, 3}, {2, -2}};
    try (INDArray a = row(5, -2);
        INDArray b = row(2, 3);
        INDArray out = row(0, 0)) {
      for (Pair pair : Pair.values()) {
        BlockProgram program = new BlockProgram(2);
        program.store(program.apply(pair, program.load(a), program.load(b)), out);
        program.build().run();
        assertThat(out.toFloatVector()).containsExactly(expected[pair.ordinal()]);
      }
    }
  }

  /** Three rows of two numbers, so that sums go over blocks' rows. */
  @Test
  void productsInsideOfSums() {
    try (INDArray a = row(1, 2, 3, 4, 5, 6);
        INDArray b = row(2, -1, .5f, 3, 0, 1);
        INDArray out = row(new float[6]);
        INDArray sums = row(0, 0)) {
      BlockProgram program = new BlockProgram(3);
      int x = program.load(a);
      int y = program.load(b);
      program.store(program.multiplyAdd(x, y, x), out);
      program.storeSumOfProducts(x, y, sums);
      Kernel kernel = program.build();
      kernel.run();
      kernel.run(); // sums begin anew
      assertThat(out.toFloatVector()).containsExactly(3, 0, 4.5f, 16, 5, 12);
      assertThat(sums.toFloatVector()).containsExactly(3.5f, 16);
    }
  }

  /** out = 2 (x - mean of the row) + column, with the sums of out over rows, and over all of it. */
  @ParameterizedTest
  @ValueSource(ints = {1, 7, 100, 353})
  void sumsAndRepetitionsAlongBothAxes(int rows) {
    int columns = 37;
    try (INDArray x = Nd4j.createFromArray(numbers(rows * columns));
        INDArray column = Nd4j.createFromArray(numbers(columns));
        INDArray out = row(new float[rows * columns]);
        INDArray columnSums = row(new float[columns]);
        INDArray sum = row(0)) {
      BlockProgram program = new BlockProgram(rows);
      int in = program.load(x);
      int means = program.affine(program.sum(in, columns, 1), -1f / columns, 0);
      int centred = program.apply(Pair.ADD, in, program.repeat(means, columns, 1));
      int added =
          program.apply(Pair.ADD, program.affine(centred, 2, 0), program.tiled(column, columns));
      program.store(added, out);
      program.storeSum(added, columnSums);
      program.storeSum(added, sum);
      Kernel kernel = program.build();
      kernel.run();
      kernel.run(); // sums begin anew
      float[] found = out.toFloatVector();
      double[] expectedSums = new double[columns];
      for (int r = 0; r < rows; r++) {
        double mean = 0;
        for (int c = 0; c < columns; c++) {
          mean += x.getFloat((long) r * columns + c) / columns;
        }
        for (int c = 0; c < columns; c++) {
          double value = 2 * (x.getFloat((long) r * columns + c) - mean) + column.getFloat(c);
          assertThat((double) found[r * columns + c]).isCloseTo(value, within(1e-5));
          expectedSums[c] += value;
        }
      }
      for (int c = 0; c < columns; c++) {
        assertThat(columnSums.getDouble(c)).isCloseTo(expectedSums[c], within(1e-4 * rows));
      }
      double all = IntStream.range(0, columns).mapToDouble(c -> expectedSums[c]).sum();
      assertThat(sum.getDouble(0)).isCloseTo(all, within(1e-3 * rows));
    }
  }

  /** [rows, 5, 3]: sums over the middle axis and back. */
  @ParameterizedTest
  @ValueSource(ints = {1, 500})
  void theMiddleAxis(int rows) {
    try (INDArray x = Nd4j.createFromArray(numbers(rows * 15));
        INDArray sums = row(new float[rows * 3]);
        INDArray out = row(new float[rows * 15])) {
      BlockProgram program = new BlockProgram(rows);
      int summed = program.sum(program.load(x), 5, 3);
      program.store(summed, sums);
      program.store(program.repeat(summed, 5, 3), out);
      program.build().run();
      for (int i = 0; i < rows * 3; i++) {
        double sum = 0;
        for (int t = 0; t < 5; t++) {
          sum += x.getDouble(i / 3 * 15L + t * 3L + i % 3);
        }
        assertThat(sums.getDouble(i)).isCloseTo(sum, within(1e-5));
        for (int t = 0; t < 5; t++) {
          assertThat(out.getFloat(i / 3 * 15L + t * 3L + i % 3)).isEqualTo(sums.getFloat(i));
        }
      }
    }
  }

  private static float[] numbers(int n) {
    float[] numbers = new float[n];
    for (int i = 0; i < n; i++) {
      numbers[i] = (float) Math.sin(1 + 3.7 * i);
    }
    return numbers;
  }
}
