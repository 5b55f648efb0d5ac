package io.retort.kernel;

import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_DIFF_DST;
import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_DIFF_SRC;
import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_DST;
import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_SRC;
import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_SRC_0;
import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_SRC_1;

import java.util.ArrayList;
import java.util.List;
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
    RELU(algorithm.eltwise_relu, 0, 0),
    TANH(algorithm.eltwise_tanh, 0, 0),
    SIGMOID(algorithm.eltwise_logistic, 0, 0),
    SOFTPLUS(algorithm.eltwise_soft_relu, 1, 0),
    ABSOLUTE(algorithm.eltwise_abs, 0, 0),
    ROOT(algorithm.eltwise_sqrt, 0, 0),
    LOGARITHM(algorithm.eltwise_log, 0, 0),
    EXPONENTIAL(algorithm.eltwise_exp, 0, 0),
    NEGATIVE(algorithm.eltwise_linear, -1, 0),
    RECIPROCAL(algorithm.eltwise_pow, 1, -1),
    UNIT_CLIP(algorithm.eltwise_clip, -1, 1);

    private final algorithm kind;
    private final float alpha;
    private final float beta;

    Function(algorithm kind, float alpha, float beta) {
      this.kind = kind;
      this.alpha = alpha;
      this.beta = beta;
    }
  }

  /** A function of two numbers. */
  public enum Pair {
    ADD(algorithm.binary_add),
    SUBTRACT(algorithm.binary_sub),
    MULTIPLY(algorithm.binary_mul),
    DIVIDE(algorithm.binary_div),
    MAXIMUM(algorithm.binary_max),
    MINIMUM(algorithm.binary_min);

    private final algorithm kind;

    Pair(algorithm kind) {
      this.kind = kind;
    }
  }

  public static Kernel apply(OneDnn dnn, Function function, INDArray x, INDArray out) {
    return dnn.kernel(
        new eltwise_forward(describe(dnn, function, x, out)),
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
                function.alpha,
                function.beta,
                describe(dnn, function, x, x)));
    return dnn.kernel(
        new eltwise_backward(made),
        new OneDnn.Argument(DNNL_ARG_SRC, dnn.view(x, dnn.layout(x))),
        new OneDnn.Argument(DNNL_ARG_DIFF_DST, dnn.view(slope, dnn.layout(slope))),
        new OneDnn.Argument(DNNL_ARG_DIFF_SRC, dnn.view(into, dnn.layout(into))));
  }

  private static eltwise_forward.primitive_desc describe(
      OneDnn dnn, Function function, INDArray x, INDArray out) {
    return dnn.own(
        new eltwise_forward.primitive_desc(
            dnn.engine(),
            prop_kind.forward_training,
            function.kind,
            dnn.layout(x),
            dnn.layout(out),
            function.alpha,
            function.beta));
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
    if (OneDnn.isDense(a) && OneDnn.isDense(b) && OneDnn.isDense(out)) {
      // oneDNN is fast where few axes are repeated, and has no eye for those that are one
      Merged merged = Merged.of(a.shape(), b.shape());
      left = dnn.dense(merged.full());
      right = dnn.dense(merged.repeated());
      result = left;
    }
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

  /** A row times the one number of an array. */
  static Kernel scaled(OneDnn dnn, memory row, memory.desc layout, INDArray number, INDArray out) {
    memory.desc one = dnn.dense(1, 1);
    var made =
        dnn.own(new binary.primitive_desc(dnn.engine(), algorithm.binary_mul, layout, one, layout));
    return dnn.kernel(
        new binary(made),
        new OneDnn.Argument(DNNL_ARG_SRC_0, row),
        new OneDnn.Argument(DNNL_ARG_SRC_1, dnn.view(number, one)),
        new OneDnn.Argument(DNNL_ARG_DST, dnn.view(out, layout)));
  }

  /** Two shapes with neighbouring axes made one where both or neither of them are repeated. */
  private record Merged(long[] full, long[] repeated) {

    static Merged of(long[] a, long[] b) {
      List<Long> full = new ArrayList<>();
      List<Long> repeated = new ArrayList<>();
      boolean before = false;
      for (int i = 0; i < a.length; i++) {
        boolean repeats = a[i] != b[i];
        int last = full.size() - 1;
        if (a[i] == 1 && last >= 0) {
          continue;
        }
        if (last >= 0 && (repeats == before || full.get(last) == 1)) {
          full.set(last, full.get(last) * a[i]);
          repeated.set(last, repeated.get(last) * b[i]);
        } else {
          full.add(a[i]);
          repeated.add(b[i]);
        }
        before = repeats;
      }
      return new Merged(array(full), array(repeated));
    }

    private static long[] array(List<Long> values) {
      return values.stream().mapToLong(Long::longValue).toArray();
    }
  }
}
