package io.retort.evaluation;

/** Logits of many rows, wherever they are kept. */
public interface LogitRows {

  int rows();

  int classes();

  /**
   * Copies one row.
   *
   * @param row 0..rows()-1
   * @param into receives {@code classes()} floats from index 0
   */
  void read(int row, float[] into);
}
