package io.retort.training;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;

import java.nio.FloatBuffer;
import org.junit.jupiter.api.Test;

class LogitBatchTest {

  @Test
  void gradientsThatProductsWouldMakeDenormalAreZero() {
    LogitBatch slope = new LogitBatch(6);
    double[] gradient = {0.25, -1e-19, 1e-21, -Math.exp(-100), 0, 7};
    System.arraycopy(gradient, 0, slope.doubles(), 0, gradient.length);
    FloatBuffer into = FloatBuffer.allocate(6);

    slope.writeGradient(into, 5);

    assertArrayEquals(new float[] {0.25f, -1e-19f, 0, 0, 0, 0}, into.array());
  }
}
