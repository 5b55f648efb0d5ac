package io.retort.kernel;

import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_DST;
import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_SRC;

import org.bytedeco.dnnl.global.dnnl.algorithm;
import org.bytedeco.dnnl.memory;
import org.bytedeco.dnnl.reduction;
import org.nd4j.linalg.api.ndarray.INDArray;

/** Sums and means over axes. */
public final class Reduction {

  private Reduction() {}

  /**
   * @param kept the shape of {@code x} with 1 for each axis that is reduced
   * @param out of as many numbers, whatever its shape
   */
  public static Kernel sum(OneDnn dnn, INDArray x, long[] kept, INDArray out) {
    return of(dnn, algorithm.reduction_sum, x, kept, out);
  }

  /** Likewise. */
  public static Kernel mean(OneDnn dnn, INDArray x, long[] kept, INDArray out) {
    return of(dnn, algorithm.reduction_mean, x, kept, out);
  }

  private static Kernel of(OneDnn dnn, algorithm kind, INDArray x, long[] kept, INDArray out) {
    long[] strides = new long[kept.length];
    long stride = 1;
    for (int i = kept.length - 1; i >= 0; i--) {
      strides[i] = stride;
      stride *= kept[i];
    }
    memory.desc from = dnn.layout(x);
    memory.desc to = dnn.layout(kept, strides);
    var made = dnn.own(new reduction.primitive_desc(dnn.engine(), kind, from, to, 0, 0));
    return dnn.kernel(
        new reduction(made),
        new OneDnn.Argument(DNNL_ARG_SRC, dnn.view(x, from)),
        new OneDnn.Argument(DNNL_ARG_DST, dnn.view(out, to)));
  }
}
