package io.retort.kernel;

import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_DST;
import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_SRC;
import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_WEIGHTS;

import org.bytedeco.dnnl.global.dnnl.algorithm;
import org.bytedeco.dnnl.matmul;
import org.bytedeco.dnnl.memory;
import org.bytedeco.dnnl.reduction;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Sums over neighbouring axes of dense arrays, times a factor, and the way back. Where numbers are
 * left to stand side by side they are products with one number many times: oneDNN's own reduction
 * is up to a hundred times slower there.
 */
public final class Reduction {

  private final OneDnn dnn;
  private final long outer;
  private final long reduced;
  private final long inner;

  private Reduction(OneDnn dnn, long outer, long reduced, long inner) {
    this.dnn = dnn;
    this.outer = outer;
    this.reduced = reduced;
    this.inner = inner;
  }

  /**
   * @param full what is summed, or repeated into
   * @param kept its shape with 1 for each axis that is reduced
   * @return null where it is not dense or the reduced axes are no neighbours
   */
  public static @Nullable Reduction of(OneDnn dnn, INDArray full, long[] kept) {
    if (!OneDnn.isDense(full)) {
      return null;
    }
    long[] shape = full.shape();
    long outer = 1;
    long reduced = 1;
    long inner = 1;
    boolean begun = false;
    boolean ended = false;
    for (int i = 0; i < shape.length; i++) {
      if (shape[i] == 1) {
        continue;
      }
      if (kept[i] == 1) {
        if (ended) {
          return null;
        }
        begun = true;
        reduced *= shape[i];
      } else if (begun) {
        ended = true;
        inner *= shape[i];
      } else {
        outer *= shape[i];
      }
    }
    return new Reduction(dnn, outer, reduced, inner);
  }

  /** How many numbers make one. */
  public long size() {
    return reduced;
  }

  /** {@code out = factor * sum(x)}; {@code out} has as many numbers as are left, in any shape. */
  public Kernel sum(INDArray x, float factor, INDArray out) {
    // oneDNN's reduction refuses a single number
    boolean all = outer == 1 && inner == 1 && reduced > 1;
    if (all && factor == 1) {
      return whole(algorithm.reduction_sum, x, out);
    } else if (all && factor == 1f / reduced) {
      return whole(algorithm.reduction_mean, x, out);
    }
    int numbers = Math.toIntExact(reduced);
    if (inner == 1) {
      memory.desc column = dnn.dense(reduced, 1);
      memory.desc rows = dnn.dense(outer, reduced);
      return product(
          dnn.view(x, rows), rows, dnn.filled(column, numbers, factor), column, out, outer, 1);
    }
    if (outer == 1) {
      memory.desc row = dnn.dense(1, reduced);
      memory.desc columns = dnn.dense(reduced, inner);
      return product(
          dnn.filled(row, numbers, factor), row, dnn.view(x, columns), columns, out, 1, inner);
    }
    memory.desc row = dnn.dense(1, 1, reduced);
    memory.desc stack = dnn.dense(outer, reduced, inner);
    return product(
        dnn.filled(row, numbers, factor), row, dnn.view(x, stack), stack, out, outer, 1, inner);
  }

  private Kernel whole(algorithm kind, INDArray x, INDArray out) {
    memory.desc from = dnn.dense(1, reduced);
    memory.desc to = dnn.dense(1, 1);
    var made = dnn.own(new reduction.primitive_desc(dnn.engine(), kind, from, to, 0, 0));
    return dnn.kernel(
        new reduction(made),
        new OneDnn.Argument(DNNL_ARG_SRC, dnn.view(x, from)),
        new OneDnn.Argument(DNNL_ARG_DST, dnn.view(out, to)));
  }

  /** Each number of {@code slope}, times a factor, at every place that it was summed from. */
  public Kernel repeated(INDArray slope, float factor, INDArray into) {
    int numbers = Math.toIntExact(reduced);
    if (outer == 1 && inner == 1) {
      memory.desc row = dnn.dense(1, reduced);
      return Elementwise.scaled(dnn, dnn.filled(row, numbers, factor), row, slope, into);
    }
    if (inner == 1) {
      memory.desc column = dnn.dense(outer, 1);
      memory.desc row = dnn.dense(1, reduced);
      return product(
          dnn.view(slope, column),
          column,
          dnn.filled(row, numbers, factor),
          row,
          into,
          outer,
          reduced);
    }
    memory.desc column = dnn.dense(1, reduced, 1);
    memory.desc rows = dnn.dense(outer, 1, inner);
    return product(
        dnn.filled(column, numbers, factor),
        column,
        dnn.view(slope, rows),
        rows,
        into,
        outer,
        reduced,
        inner);
  }

  private Kernel product(
      memory a, memory.desc left, memory b, memory.desc right, INDArray out, long... shape) {
    memory.desc result = dnn.dense(shape);
    var made = dnn.own(new matmul.primitive_desc(dnn.engine(), left, right, result));
    return dnn.kernel(
        new matmul(made),
        new OneDnn.Argument(DNNL_ARG_SRC, a),
        new OneDnn.Argument(DNNL_ARG_WEIGHTS, b),
        new OneDnn.Argument(DNNL_ARG_DST, dnn.view(out, result)));
  }
}
