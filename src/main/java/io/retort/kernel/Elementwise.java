package io.retort.kernel;

import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_DIFF_DST;
import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_DIFF_SRC;
import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_DST;
import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_SRC;
import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_SRC_0;
import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_SRC_1;

import org.bytedeco.dnnl.binary;
import org.bytedeco.dnnl.eltwise_backward;
import org.bytedeco.dnnl.eltwise_forward;
import org.bytedeco.dnnl.global.dnnl.algorithm;
import org.bytedeco.dnnl.global.dnnl.prop_kind;
import org.bytedeco.dnnl.memory;
import org.bytedeco.dnnl.primitive_attr;
import org.nd4j.linalg.api.ndarray.INDArray;

/** Element by element. */
public final class Elementwise {

  private Elementwise() {}

  /** A function of one number. */
  public enum Function {
    RELU(algorithm.eltwise_relu),
    TANH(algorithm.eltwise_tanh),
    SIGMOID(algorithm.eltwise_logistic);

    private final algorithm kind;

    Function(algorithm kind) {
      this.kind = kind;
    }
  }

  /** A function of two numbers. */
  public enum Pair {
    ADD(algorithm.binary_add),
    SUBTRACT(algorithm.binary_sub),
    MULTIPLY(algorithm.binary_mul);

    private final algorithm kind;

    Pair(algorithm kind) {
      this.kind = kind;
    }
  }

  public static Kernel apply(OneDnn dnn, Function function, INDArray x, INDArray out) {
    return dnn.kernel(
        new eltwise_forward(describe(dnn, function.kind, x, out)),
        new OneDnn.Argument(DNNL_ARG_SRC, dnn.view(x, dnn.layout(x))),
        new OneDnn.Argument(DNNL_ARG_DST, dnn.view(out, dnn.layout(out))));
  }

  /**
   * The gradient of a function's input.
   *
   * @param x what the function was given; for ReLU its output does as well, the signs being the
   *     same
   * @param into may be {@code slope}
   */
  public static Kernel backward(
      OneDnn dnn, Function function, INDArray x, INDArray slope, INDArray into) {
    var made =
        dnn.own(
            new eltwise_backward.primitive_desc(
                dnn.engine(),
                function.kind,
                dnn.layout(into),
                dnn.layout(slope),
                dnn.layout(x),
                describe(dnn, function.kind, x, x)));
    return dnn.kernel(
        new eltwise_backward(made),
        new OneDnn.Argument(DNNL_ARG_SRC, dnn.view(x, dnn.layout(x))),
        new OneDnn.Argument(DNNL_ARG_DIFF_DST, dnn.view(slope, dnn.layout(slope))),
        new OneDnn.Argument(DNNL_ARG_DIFF_SRC, dnn.view(into, dnn.layout(into))));
  }

  private static eltwise_forward.primitive_desc describe(
      OneDnn dnn, algorithm kind, INDArray x, INDArray out) {
    return dnn.own(
        new eltwise_forward.primitive_desc(
            dnn.engine(), prop_kind.forward_training, kind, dnn.layout(x), dnn.layout(out)));
  }

  /**
   * @param b of the rank of {@code a}; an axis of length 1 is repeated
   * @param out may be {@code a}
   * @param relu whether ReLU follows
   */
  public static Kernel apply(
      OneDnn dnn, Pair pair, INDArray a, INDArray b, INDArray out, boolean relu) {
    primitive_attr attributes = dnn.own(new primitive_attr());
    if (relu) {
      attributes.set_post_ops(Products.relu(dnn));
    }
    memory.desc left = dnn.layout(a);
    memory.desc right = dnn.layout(b);
    memory.desc result = dnn.layout(out);
    var made =
        dnn.own(
            new binary.primitive_desc(
                dnn.engine(), pair.kind, left, right, result, attributes, false));
    return dnn.kernel(
        new binary(made),
        new OneDnn.Argument(DNNL_ARG_SRC_0, dnn.view(a, left)),
        new OneDnn.Argument(DNNL_ARG_SRC_1, dnn.view(b, right)),
        new OneDnn.Argument(DNNL_ARG_DST, dnn.view(out, result)));
  }
}
