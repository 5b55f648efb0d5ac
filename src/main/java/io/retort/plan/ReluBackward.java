package io.retort.plan;

import java.util.List;
import org.nd4j.autodiff.samediff.SDVariable;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ops.DynamicCustomOp;

/** The native library's gradient of ReLU, which SameDiff has no class for. */
public final class ReluBackward extends DynamicCustomOp {

  /**
   * @param x ReLU's input or its output: only the sign counts
   */
  public ReluBackward(SDVariable x, SDVariable slope) {
    super(null, x.getSameDiff(), new SDVariable[] {x, slope});
  }

  @Override
  public String opName() {
    return "relu_bp";
  }

  @Override
  public List<DataType> calculateOutputDataTypes(List<DataType> inputs) {
    return List.of(inputs.get(0));
  }
}
