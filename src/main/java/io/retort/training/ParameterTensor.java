package io.retort.training;

import java.util.Arrays;

/**
 * One weight or bias in the flat parameter vector.
 *
 * @param shape linear weights are [in, out], convolutions [height, width, in, out], biases [out]
 * @param offset first float in the flat vector
 * @param fanIn inputs that one output sums over; bounds the initial values
 */
record ParameterTensor(String name, long[] shape, int offset, int fanIn) {

  int size() {
    return Math.toIntExact(Arrays.stream(shape).reduce(1, Math::multiplyExact));
  }
}
