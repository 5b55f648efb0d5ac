package io.retort.model.foreign;

import java.util.List;

/**
 * How a model is to be opened.
 *
 * @param rowShapes shape of one row of each input, in the model's order; every side known
 * @param outputs names of the outputs and taps to compute, in the order they are wanted
 * @param threads compute threads, at most
 */
public record Opening(List<List<Integer>> rowShapes, List<String> outputs, int threads) {

  /** Numbers of a row of each input. */
  List<Integer> inputSizes() {
    return rowShapes.stream().map(shape -> shape.stream().reduce(1, Math::multiplyExact)).toList();
  }
}
