package io.retort.plan;

import java.util.Collections;
import java.util.List;
import org.nd4j.autodiff.samediff.SDVariable;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ops.DynamicCustomOp;
import org.nd4j.linalg.api.ops.impl.layers.convolution.BatchNorm;

/**
 * The native library's gradient of batch normalisation, as a graph can hold it. Its outputs are the
 * gradients of images, mean, variance, scale and shift; that of the images includes their influence
 * on mean and variance.
 */
final class BatchNormBackward extends DynamicCustomOp {

  private static final int OUTPUTS = 5;

  BatchNormBackward(BatchNorm forward, SDVariable[] in, SDVariable slope) {
    super(null, slope.getSameDiff(), new SDVariable[] {in[0], in[1], in[2], in[3], in[4], slope});
    addIArgument(forward.iArgs());
    addTArgument(forward.tArgs());
  }

  @Override
  public String opName() {
    return "batchnorm_bp";
  }

  @Override
  public int getNumOutputs() {
    return OUTPUTS;
  }

  @Override
  public List<DataType> calculateOutputDataTypes(List<DataType> inputs) {
    return Collections.nCopies(OUTPUTS, inputs.get(0));
  }
}
