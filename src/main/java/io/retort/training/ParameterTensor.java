package io.retort.training;

import java.util.Arrays;

/**
 * One tensor of a network in the flat parameter vector.
 *
 * @param shape linear weights are [in, out], convolutions [height, width, in, out], all others
 *     [out]
 * @param offset first float in the flat vector
 * @param fanIn inputs that one output sums over; bounds the initial values
 */
record ParameterTensor(String name, Kind kind, long[] shape, int offset, int fanIn) {

  /** What a tensor is for, and so how it starts and who changes it. */
  enum Kind {
    /** Weights and biases: drawn at random, trained. */
    WEIGHT,
    /** A normalisation's scale: starts as 1, trained. */
    SCALE,
    /** A normalisation's shift: starts as 0, trained. */
    SHIFT,
    /** Running mean: starts as 0, follows the batches. */
    MEAN,
    /** Running variance: starts as 1, follows the batches. */
    VARIANCE;

    boolean trained() {
      return this != MEAN && this != VARIANCE;
    }
  }

  int size() {
    return Math.toIntExact(Arrays.stream(shape).reduce(1, Math::multiplyExact));
  }
}
