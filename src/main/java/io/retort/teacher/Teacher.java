package io.retort.teacher;

import java.nio.FloatBuffer;
import java.util.List;

/**
 * Anything that gives logits for a batch of raw rows, and on request some of the tensors in
 * between. Used by one thread at a time.
 */
public interface Teacher extends AutoCloseable {

  /** Class names in the order of the logits. */
  List<String> classes();

  /**
   * What its numbers depend on, as a SHA-256 in hex: two teachers of one fingerprint give the same
   * numbers for the same row, in this process or another, now or later. Soft targets are kept under
   * it. A model's is over everything that it is computed from.
   */
  String fingerprint();

  /** Features of a row. */
  int columns();

  /** Most rows that one call may carry. */
  int maxBatch();

  /** The tensors that were chosen when this was opened; none where nobody asked for any. */
  default List<Tap> taps() {
    return List.of();
  }

  /**
   * Computes logits and taps in inference mode.
   *
   * @param features {@code rows * columns()} floats, row-major, from absolute index 0
   * @param rows 1..{@link #maxBatch()}
   * @param logits receives {@code rows * classes().size()} floats, row-major, from absolute index 0
   * @param taps one buffer for each of {@link #taps}, in that order, likewise; or none at all
   */
  void compute(FloatBuffer features, int rows, FloatBuffer logits, List<FloatBuffer> taps);

  /** Computes the logits alone. */
  default void logits(FloatBuffer features, int rows, FloatBuffer logits) {
    compute(features, rows, logits, List.of());
  }

  @Override
  void close();
}
