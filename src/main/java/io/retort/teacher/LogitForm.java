package io.retort.teacher;

import io.retort.spec.OutputKind;
import java.nio.FloatBuffer;

/**
 * Brings what a model gives into logits of every class.
 *
 * <p>Probabilities become {@code log(max(p, 1e-7))}, whose softmax they are. A single number z
 * stands for two classes: the logits are {@code (0, z)}, as {@code sigmoid(z) = softmax(0, z)[1]};
 * a single probability p becomes {@code (log(1 - p), log(p))}.
 */
final class LogitForm {

  /** About the smallest step of a 32-bit float beside 1. */
  static final float FLOOR = 1e-7f;

  private LogitForm() {}

  /**
   * @param width numbers a row that the model gives; 1 for a binary classifier
   * @param from {@code rows * width} numbers from absolute index 0
   * @param into receives {@code rows * max(2, width)} logits
   * @throws TeacherException where probabilities are announced, and something else comes
   */
  static void convert(OutputKind kind, int width, FloatBuffer from, int rows, FloatBuffer into) {
    boolean logits = kind == OutputKind.LOGITS;
    for (int i = 0; i < rows * width; i++) {
      float v = from.get(i);
      if (!logits && !(v >= -1e-3f && v <= 1.001f)) {
        throw TeacherException.notProbabilities(v);
      }
      if (width > 1) {
        into.put(i, logits ? v : log(v));
      } else {
        into.put(2 * i, logits ? 0 : log(1 - v));
        into.put(2 * i + 1, logits ? v : log(v));
      }
    }
  }

  private static float log(float p) {
    return (float) Math.log(Math.max(p, FLOOR));
  }
}
