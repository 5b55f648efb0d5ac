package io.retort.training.term;

import java.util.List;
import org.nd4j.autodiff.samediff.SDVariable;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ops.DynamicCustomOp;

/**
 * Products of the rows of a matrix, or of each matrix of a stack, with each other: x x^T. Its
 * gradient is one product, (slope + slope^T) x, where that of two different operands is two. Where
 * a loss treats both orders of a pair alike, slope^T is slope.
 */
final class SelfProducts extends DynamicCustomOp {

  private final int rank;
  private final boolean mutual;

  /**
   * @param rank 2 for a matrix, 3 for a stack
   * @param mutual whether the loss treats both orders of a pair alike
   */
  SelfProducts(SDVariable x, int rank, boolean mutual) {
    super(null, x.getSameDiff(), new SDVariable[] {x, x});
    this.rank = rank;
    this.mutual = mutual;
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
    SDVariable other = mutual ? slope : slope.getSameDiff().permute(slope, axes);
    SDVariable both = slope.add(other);
    return slope.getSameDiff().mmul(both, args()[0]);
  }
}
