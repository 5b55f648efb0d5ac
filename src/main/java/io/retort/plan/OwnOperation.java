package io.retort.plan;

import java.util.Collections;
import java.util.List;
import org.nd4j.autodiff.samediff.SDVariable;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.api.ops.DynamicCustomOp;

/**
 * An operation of ours in a graph: ND4J does not know it, so it computes itself, on any backend and
 * in any precision, and a rewrite rule may do so faster. It has one output.
 */
public abstract class OwnOperation extends DynamicCustomOp {

  protected OwnOperation(SDVariable... in) {
    super(null, in[0].getSameDiff(), in);
  }

  @Override
  public int getNumOutputs() {
    return 1;
  }

  @Override
  public List<DataType> calculateOutputDataTypes(List<DataType> inputs) {
    return Collections.nCopies(1, inputs.get(0));
  }

  /** Of the output. */
  public abstract long[] shape(List<INDArray> in);

  public abstract void compute(List<INDArray> in, INDArray out);
}
