package io.retort.targets;

import io.retort.teacher.Tap;
import io.retort.teacher.Teacher;
import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.List;

/**
 * Knows {@link NumberedRows} and remembers which it was asked for: logits of row n are [n / 3, 1],
 * its tap is [n, n, n, n].
 */
final class CountingTeacher implements Teacher {

  final List<Integer> asked = new ArrayList<>();
  private final String fingerprint;
  private final List<Tap> taps;
  private final Runnable beforeEachCall;

  CountingTeacher(String fingerprint, List<Tap> taps, Runnable beforeEachCall) {
    this.fingerprint = fingerprint;
    this.taps = taps;
    this.beforeEachCall = beforeEachCall;
  }

  CountingTeacher(String fingerprint) {
    this(fingerprint, List.of(), () -> {});
  }

  static float logit(int number) {
    return number / 3f;
  }

  @Override
  public List<String> classes() {
    return List.of("a", "b");
  }

  @Override
  public String fingerprint() {
    return fingerprint;
  }

  @Override
  public int columns() {
    return 3;
  }

  @Override
  public int maxBatch() {
    return 8;
  }

  @Override
  public List<Tap> taps() {
    return taps;
  }

  @Override
  public void compute(FloatBuffer features, int rows, FloatBuffer logits, List<FloatBuffer> into) {
    beforeEachCall.run();
    for (int r = 0; r < rows; r++) {
      int n = (int) features.get(3 * r);
      asked.add(n);
      logits.put(2 * r, logit(n)).put(2 * r + 1, 1);
      for (int i = 0; i < 4 && !into.isEmpty(); i++) {
        into.get(0).put(4 * r + i, n);
      }
    }
  }

  @Override
  public void close() {}
}
