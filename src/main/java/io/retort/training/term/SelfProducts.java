package io.retort.training.term;

import java.util.List;
import org.nd4j.autodiff.samediff.SDVariable;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ops.DynamicCustomOp;

/**
 * Products of the rows of a matrix, or of each matrix of a stack, with each other: x x^T. Its
 * gradient is one product, (slope + slope^T) x, where that of two different operands is two.
 */
final class SelfProducts extends DynamicCustomOp {

  private final int rank;

  /**
   * @param rank 2 for a matrix, 3 for a stack
   */
  SelfProducts(SDVariable x, int rank) {
    super(null, x.getSameDiff(), new SDVariable[] {x, x});
    this.rank = rank;
    addIArgument(0, 1, 0);
  }

  @Override
  public String opName() {
    return "matmul";
  }

  @Override
  public List<DataType> calculateOutputDataTypes(List<DataType> inputs) {
    return List.of(inputs.get(0));
  }

  SDVariable gradient(SDVariable slope) {
    int[] axes = rank == 3 ? new int[] {0, 2, 1} : new int[] {1, 0};
    SDVariable both = slope.add(slope.getSameDiff().permute(slope, axes));
    return slope.getSameDiff().mmul(both, args()[0]);
  }
}
