package io.retort.teacher;

import java.nio.FloatBuffer;

/**
 * What a teacher gave for one part of a dataset, by row position: its logits, or the values of one
 * tap. Safe for use by many threads.
 */
public interface SoftTargets extends AutoCloseable {

  int size();

  /** Numbers a row: classes, or a tap's size. */
  int width();

  /** Copies the numbers of rows, as {@link io.retort.dataset.Split#gather} does for features. */
  void gather(int[] positions, int from, int count, FloatBuffer into);

  @Override
  void close();
}
