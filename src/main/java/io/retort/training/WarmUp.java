package io.retort.training;

import io.retort.spec.TermSpec;

/** Weights of terms as they rise over the first epochs. */
final class WarmUp {

  private WarmUp() {}

  /**
   * The weight of an epoch: a share of epoch / warm-up of the full one, all of it from then on.
   *
   * @param epoch from 1
   */
  static double weight(TermSpec term, int epoch) {
    return term.weight() * Math.min(1, (double) epoch / Math.max(1, term.warmup()));
  }
}
