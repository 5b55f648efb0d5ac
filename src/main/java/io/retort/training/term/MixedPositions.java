package io.retort.training.term;

import io.retort.plan.OwnOperation;
import java.util.List;
import org.nd4j.autodiff.samediff.SDVariable;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Pixels [batch, positions, channels] whose positions are mixed by one matrix for all images, so
 * that maps need not be turned around to be averaged or enlarged: out_q is the sum over p of w_pq
 * x_p. The matrix is a constant.
 */
final class MixedPositions extends OwnOperation {

  static final String NAME = "mixed_positions";

  private final boolean back;

  /**
   * @param weights from old positions to new ones, [1, old, new]
   * @param back whether from new ones to old ones instead, which is the gradient
   */
  MixedPositions(SDVariable weights, SDVariable x, boolean back) {
    super(weights, x);
    this.back = back;
    addIArgument(back ? 1 : 0);
  }

  @Override
  public String opName() {
    return NAME;
  }

  SDVariable gradient(SDVariable slope) {
    return new MixedPositions(args()[0], slope, !back).outputVariable();
  }

  @Override
  public long[] shape(List<INDArray> in) {
    return new long[] {in.get(1).size(0), in.get(0).size(back ? 1 : 2), in.get(1).size(2)};
  }

  @Override
  public void compute(List<INDArray> in, INDArray out) {
    INDArray weights = in.get(0).slice(0);
    INDArray matrix = back ? weights : weights.transpose();
    for (long i = 0; i < out.size(0); i++) {
      out.slice(i).assign(matrix.mmul(in.get(1).slice(i)));
    }
  }
}
