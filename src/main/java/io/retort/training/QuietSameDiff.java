package io.retort.training;

import org.nd4j.autodiff.samediff.SameDiff;

/** Differentiation without its chatter. */
final class QuietSameDiff {

  private QuietSameDiff() {}

  static void differentiate(SameDiff graph) {
    graph.createGradFunction();
  }
}
