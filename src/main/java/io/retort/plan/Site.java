package io.retort.plan;

import io.retort.kernel.OneDnn;
import java.util.List;
import java.util.Map;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.api.ops.DynamicCustomOp;

/**
 * An operation and the arrays that it is about to be bound to, as a rewrite rule sees it.
 *
 * @param fused whether the plan is one of {@link Fusion}
 * @param notes what a rule's forward half leaves for its backward half, by variable
 */
record Site(
    OneDnn dnn,
    Operation operation,
    OperationOrder order,
    List<INDArray> in,
    List<INDArray> out,
    boolean fused,
    Map<String, Object> notes) {

  INDArray in(int i) {
    return in.get(i);
  }

  INDArray out(int i) {
    return out.get(i);
  }

  boolean isRead(int output) {
    return output < out.size() && order.isRead(operation.outputs().get(output));
  }

  boolean relu() {
    return operation.relu();
  }

  long integer(int i) {
    return ((DynamicCustomOp) operation.function()).iArgs()[i];
  }

  double real(int i) {
    return ((DynamicCustomOp) operation.function()).tArgs()[i];
  }
}
