package io.retort.training;

import io.retort.teacher.SoftTargets;
import java.nio.FloatBuffer;
import java.util.SplittableRandom;

/** Logits in plain arrays. */
record ArrayTargets(float[][] logits) implements SoftTargets {

  static ArrayTargets random(int rows, int classes) {
    SplittableRandom random = new SplittableRandom(11);
    float[][] logits = new float[rows][classes];
    for (float[] row : logits) {
      for (int c = 0; c < classes; c++) {
        row[c] = (float) (3 * random.nextGaussian());
      }
    }
    return new ArrayTargets(logits);
  }

  @Override
  public int size() {
    return logits.length;
  }

  @Override
  public int width() {
    return logits[0].length;
  }

  @Override
  public void gather(int[] positions, int from, int count, FloatBuffer into) {
    for (int i = 0; i < count; i++) {
      into.put(i * width(), logits[positions[from + i]]);
    }
  }

  @Override
  public void close() {}
}
