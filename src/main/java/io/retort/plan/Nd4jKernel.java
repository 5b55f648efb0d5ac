package io.retort.plan;

import io.retort.kernel.Kernel;
import java.util.List;
import org.nd4j.autodiff.functions.DifferentialFunction;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.api.ops.BaseOp;
import org.nd4j.linalg.api.ops.DynamicCustomOp;
import org.nd4j.linalg.api.ops.Op;
import org.nd4j.linalg.api.ops.OpContext;
import org.nd4j.linalg.api.ops.ReduceOp;
import org.nd4j.linalg.api.ops.executioner.OpExecutioner;
import org.nd4j.linalg.api.shape.LongShapeDescriptor;
import org.nd4j.linalg.factory.Nd4j;

/** An operation as ND4J, or it itself, computes it, on whatever backend there is. */
final class Nd4jKernel implements Kernel, AutoCloseable {

  private final OpExecutioner executioner = Nd4j.getExecutioner();
  private final OpContext context = executioner.buildContext();
  private final DifferentialFunction function;
  private final List<INDArray> in;
  private List<INDArray> out = List.of();

  Nd4jKernel(Operation operation, List<INDArray> in) {
    function = operation.function();
    this.in = in;
    if (function instanceof OwnOperation) {
      return;
    }
    for (int i = 0; i < operation.ownInputs(); i++) {
      context.setInputArray(i, in.get(i));
    }
    if (function instanceof DynamicCustomOp custom) {
      context.setIArguments(custom.iArgs());
      context.setTArguments(custom.tArgs());
      context.setBArguments(custom.bArgs());
      context.setDArguments(custom.dArgs());
    } else {
      // operations of the older kind hold their arrays themselves
      BaseOp old = (BaseOp) function;
      old.setX(in.get(0));
      if (in.size() > 1 && !(old instanceof ReduceOp)) {
        old.setY(in.get(1));
      }
    }
  }

  List<LongShapeDescriptor> outputShapes() {
    if (function instanceof OwnOperation own) {
      return List.of(LongShapeDescriptor.fromShape(own.shape(in), in.get(0).dataType()));
    }
    return function instanceof DynamicCustomOp custom
        ? custom.calculateOutputShape(context)
        : ((BaseOp) function).calculateOutputShape(context);
  }

  void bind(List<INDArray> out) {
    this.out = out;
    if (function instanceof OwnOperation) {
      return;
    }
    for (int i = 0; i < out.size(); i++) {
      context.setOutputArray(i, out.get(i));
    }
    if (function instanceof BaseOp old) {
      old.setZ(out.get(0));
    }
  }

  @Override
  public void run() {
    if (function instanceof OwnOperation own) {
      own.compute(in, out.get(0));
    } else if (function instanceof DynamicCustomOp custom) {
      executioner.exec(custom, context);
    } else {
      executioner.exec((Op) function, context);
    }
  }

  @Override
  public void close() throws Exception {
    context.close();
  }
}
