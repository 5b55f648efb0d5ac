package io.retort.pipeline;

import io.retort.dataset.GivenRows;
import io.retort.dataset.Split;
import java.nio.FloatBuffer;
import org.jspecify.annotations.Nullable;

/**
 * Looks whether given probabilities are such, row by row.
 *
 * @param pointer of the teacher in the spec
 */
record ProbabilityCheck(String pointer) {

  /** What half precision makes of a thousand classes, and a little more. */
  private static final double SLACK = 0.01;

  private static final float ROUNDING = 1e-3f;

  /**
   * @throws PipelineException naming the first row of a part that is none
   */
  void of(GivenRows targets) {
    of(targets.train());
    of(targets.validation());
    of(targets.test());
  }

  private void of(@Nullable Split part) {
    if (part == null) {
      return;
    }
    FloatBuffer row = FloatBuffer.allocate(part.columns());
    int[] position = new int[1];
    for (int r = 0; r < part.size(); r++) {
      position[0] = r;
      part.gather(position, 0, 1, row);
      double sum = 0;
      for (int c = 0; c < part.columns(); c++) {
        float p = row.get(c);
        if (p < -ROUNDING || p > 1 + ROUNDING) {
          throw refused(part.row(r), "holds " + p);
        }
        sum += p;
      }
      if (Math.abs(sum - 1) > SLACK) {
        throw refused(part.row(r), "sums to %.4g".formatted(sum));
      }
    }
  }

  private PipelineException refused(int row, String what) {
    return PipelineException.mismatch(
        "output_kind_mismatch",
        pointer + "/outputKind",
        ("The soft targets are read as probabilities, but row %,d %s; probabilities lie in 0..1 and"
                + " sum to 1. If they are logits, set `outputKind` to `logits`.")
            .formatted(row, what));
  }
}
