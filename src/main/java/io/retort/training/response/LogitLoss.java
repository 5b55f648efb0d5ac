package io.retort.training.response;

import io.retort.spec.ResponseTerm;
import io.retort.spec.TermSpec;
import org.jspecify.annotations.Nullable;

/** A loss of a batch of logits in double precision; one instance serves one thread. */
public interface LogitLoss {

  /**
   * Computes the loss before its weight.
   *
   * @param student logits, [rows, classes] row-major
   * @param teacher likewise
   * @param labels the class of each row
   * @param gradient takes weight * dL / dstudent on top of what is in it; null where it is not
   *     wanted
   */
  double add(
      double[] student,
      double[] teacher,
      int[] labels,
      int rows,
      double weight,
      double @Nullable [] gradient);

  /** The loss of a term that looks at nothing but logits. */
  static LogitLoss of(TermSpec term, int classes) {
    if (term instanceof ResponseTerm.Kl kl) {
      return new Divergence(kl.tau(), kl.standardize(), classes);
    } else if (term instanceof ResponseTerm.Mse) {
      return new SquaredDifference(classes);
    } else if (term instanceof ResponseTerm.JensenShannon js) {
      return new JensenShannon(js.tau(), classes);
    } else if (term instanceof ResponseTerm.Dkd dkd) {
      return new Decoupled(dkd.alpha(), dkd.beta(), dkd.tau(), classes);
    } else if (term instanceof ResponseTerm.Dist dist) {
      return new Pearson(dist.beta(), dist.gamma(), dist.tau(), classes);
    }
    throw new IllegalArgumentException("not of logits: " + term);
  }
}
