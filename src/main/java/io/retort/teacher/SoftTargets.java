package io.retort.teacher;

import java.nio.FloatBuffer;

/** A teacher's logits for one part of a dataset, by row position. Safe for use by many threads. */
public interface SoftTargets extends AutoCloseable {

  int size();

  int classes();

  /** Copies the logits of rows, as {@link io.retort.dataset.Split#gather} does for features. */
  void gather(int[] positions, int from, int count, FloatBuffer into);

  @Override
  void close();
}
