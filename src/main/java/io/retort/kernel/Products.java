package io.retort.kernel;

import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_BIAS;
import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_DST;
import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_SRC;
import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_WEIGHTS;

import java.util.ArrayList;
import java.util.List;
import org.bytedeco.dnnl.global.dnnl.algorithm;
import org.bytedeco.dnnl.matmul;
import org.bytedeco.dnnl.memory;
import org.bytedeco.dnnl.post_ops;
import org.bytedeco.dnnl.primitive_attr;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.api.ndarray.INDArray;

/** Products of matrices; a transposed operand is a view with its strides swapped. */
public final class Products {

  /** Elements from which on a copy of a transposed left operand pays. */
  private static final long WORTH_TRANSPOSING = 1 << 14;

  private Products() {}

  /**
   * {@code out = a b + bias}, then ReLU if asked for, with shapes [m, k], [k, n] and [m, n].
   *
   * @param bias [n], added to every row
   */
  public static Kernel of(
      OneDnn dnn, INDArray a, INDArray b, @Nullable INDArray bias, INDArray out, boolean relu) {
    List<Kernel> steps = new ArrayList<>();
    memory first = rowByRow(dnn, a, steps);
    memory.desc left = dnn.own(first.get_desc());
    memory.desc right = dnn.layout(b);
    memory.desc result = dnn.layout(out);
    primitive_attr attributes = dnn.own(new primitive_attr());
    if (relu) {
      attributes.set_post_ops(relu(dnn));
    }
    List<OneDnn.Argument> arguments = new ArrayList<>();
    arguments.add(new OneDnn.Argument(DNNL_ARG_SRC, first));
    arguments.add(new OneDnn.Argument(DNNL_ARG_WEIGHTS, dnn.view(b, right)));
    arguments.add(new OneDnn.Argument(DNNL_ARG_DST, dnn.view(out, result)));
    matmul.primitive_desc made;
    if (bias == null) {
      made = new matmul.primitive_desc(dnn.engine(), left, right, result, attributes, false);
    } else {
      memory.desc row = dnn.layout(new long[] {1, out.size(1)}, new long[] {out.size(1), 1});
      arguments.add(new OneDnn.Argument(DNNL_ARG_BIAS, dnn.view(bias, row)));
      made = new matmul.primitive_desc(dnn.engine(), left, right, row, result, attributes, false);
    }
    steps.add(dnn.kernel(new matmul(dnn.own(made)), arguments.toArray(OneDnn.Argument[]::new)));
    return Kernel.sequence(steps);
  }

  /**
   * {@code out = a b} with few rows: a transposed left operand is read by columns, which takes half
   * the time of a copy; and if there is one column, its product is taken from the other side.
   */
  public static Kernel ofFewRows(OneDnn dnn, INDArray a, INDArray b, INDArray out) {
    boolean swapped = out.size(1) == 1;
    INDArray first = swapped ? b.transpose() : a;
    INDArray second = swapped ? a.transpose() : b;
    return plain(dnn, first, second, swapped ? out.transpose() : out);
  }

  /** One product for each index of the first axis: [n, m, k], [n, k, l] and [n, m, l]. */
  public static Kernel stacked(OneDnn dnn, INDArray a, INDArray b, INDArray out) {
    return plain(dnn, a, b, out);
  }

  private static Kernel plain(OneDnn dnn, INDArray a, INDArray b, INDArray out) {
    memory.desc left = dnn.layout(a);
    memory.desc right = dnn.layout(b);
    memory.desc result = dnn.layout(out);
    var made = dnn.own(new matmul.primitive_desc(dnn.engine(), left, right, result));
    return dnn.kernel(
        new matmul(made),
        new OneDnn.Argument(DNNL_ARG_SRC, dnn.view(a, left)),
        new OneDnn.Argument(DNNL_ARG_WEIGHTS, dnn.view(b, right)),
        new OneDnn.Argument(DNNL_ARG_DST, dnn.view(out, result)));
  }

  /** The left operand, transposed beforehand where that costs less than reading it by columns. */
  private static memory rowByRow(OneDnn dnn, INDArray a, List<Kernel> before) {
    memory given = dnn.view(a, dnn.layout(a));
    boolean byColumns = a.stride(0) == 1 && a.size(1) > 1;
    if (!byColumns || a.length() < WORTH_TRANSPOSING) {
      return given;
    }
    return dnn.reading(given, dnn.layout(a.shape(), new long[] {a.size(1), 1}), before);
  }

  static post_ops relu(OneDnn dnn) {
    post_ops after = dnn.own(new post_ops());
    after.append_eltwise(algorithm.eltwise_relu, 0, 0);
    return after;
  }
}
