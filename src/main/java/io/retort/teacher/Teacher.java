package io.retort.teacher;

import java.nio.FloatBuffer;
import java.util.List;

/** Anything that gives logits for a batch of raw rows. Used by one thread at a time. */
public interface Teacher extends AutoCloseable {

  /** Class names in the order of the logits. */
  List<String> classes();

  /** Features of a row. */
  int columns();

  /** Most rows that one call may carry. */
  int maxBatch();

  /**
   * Computes logits in inference mode.
   *
   * @param features {@code rows * columns()} floats, row-major, from absolute index 0
   * @param rows 1..{@link #maxBatch()}
   * @param logits receives {@code rows * classes().size()} floats, row-major, from absolute index 0
   */
  void logits(FloatBuffer features, int rows, FloatBuffer logits);

  @Override
  void close();
}
