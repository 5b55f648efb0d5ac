package io.retort.dataset;

import java.nio.FloatBuffer;

/** One part of a dataset: an ordered, random-access view of rows. Safe for use by many threads. */
public interface Split {

  /** Rows in this part; at least 1. */
  int size();

  /** Features of a row. */
  int columns();

  /**
   * Copies rows into a buffer, row-major, at the buffer's absolute index 0.
   *
   * @param positions rows of this part, each in {@code 0..size()-1}
   * @param from first entry of {@code positions} to use
   * @param count how many entries to use
   * @param into room for at least {@code count * columns()} floats; position and limit are left as
   *     they are
   */
  void gather(int[] positions, int from, int count, FloatBuffer into);

  /** The row's number in the file that it came from, from 1, for messages. */
  default int row(int position) {
    return position + 1;
  }

  /** The class of a row, as an index into {@link DatasetInfo#classes()}. */
  int label(int position);
}
