package io.retort.training;

/** The order of the rows: a function of the epoch, so that a run can be taken up anywhere. */
interface EpochOrder {

  /**
   * A permutation of all rows; the array is reused by the next call.
   *
   * @param epoch from 1
   */
  int[] of(int epoch);
}
