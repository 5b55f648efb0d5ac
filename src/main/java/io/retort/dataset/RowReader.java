package io.retort.dataset;

import java.io.IOException;
import java.util.List;

/** Rows of one file, one after the other. */
interface RowReader extends AutoCloseable {

  /** Feature names in order. */
  List<String> features();

  /** Shape of a row as the file has it, channels first; its product is the number of features. */
  List<Integer> shape();

  /**
   * Reads the next row.
   *
   * @param into receives the features; may be NaN or infinite, which the caller refuses
   * @return false after the last row
   * @throws DatasetException where the row cannot be read
   */
  boolean next(float[] into) throws IOException;

  /** Whether the rows have labels. */
  default boolean labelled() {
    return true;
  }

  /** The label of the row that was read last, as text; any where there are none. */
  String label();

  @Override
  void close();
}
