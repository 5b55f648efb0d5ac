package io.retort.kernel;

import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_DIFF_DST;
import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_DIFF_SRC;
import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_DST;
import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_SRC;
import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_WORKSPACE;

import java.util.ArrayList;
import java.util.List;
import org.bytedeco.dnnl.global.dnnl.algorithm;
import org.bytedeco.dnnl.global.dnnl.prop_kind;
import org.bytedeco.dnnl.memory;
import org.bytedeco.dnnl.pooling_backward;
import org.bytedeco.dnnl.pooling_forward;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Pooling of images [batch, height, width, channels] by windows that lie side by side; what does
 * not fill a window is dropped.
 */
public final class Pooling {

  private static final long[] NONE = {0, 0};

  private final OneDnn dnn;
  private final algorithm kind;
  private final long[] window;
  private final memory.desc in;
  private final memory.desc out;
  private final pooling_forward.primitive_desc made;
  private final Kernel forward;

  /** Which element of each window was the largest; the mean needs no such note. */
  private final @Nullable memory chosen;

  private Pooling(OneDnn dnn, algorithm kind, long height, long width, INDArray x, INDArray to) {
    this.dnn = dnn;
    this.kind = kind;
    this.window = new long[] {height, width};
    this.in = dnn.images(x);
    this.out = dnn.images(to);
    this.made =
        dnn.own(
            new pooling_forward.primitive_desc(
                dnn.engine(),
                prop_kind.forward_training,
                kind,
                in,
                out,
                window,
                window,
                NONE,
                NONE,
                NONE));
    this.chosen =
        kind == algorithm.pooling_max ? dnn.scratch(dnn.own(made.workspace_desc())) : null;
    this.forward =
        dnn.kernel(
            new pooling_forward(made),
            arguments(
                new OneDnn.Argument(DNNL_ARG_SRC, dnn.view(x, in)),
                new OneDnn.Argument(DNNL_ARG_DST, dnn.view(to, out))));
  }

  /** The largest element of each window. */
  public static Pooling max(OneDnn dnn, long height, long width, INDArray x, INDArray out) {
    return new Pooling(dnn, algorithm.pooling_max, height, width, x, out);
  }

  /** The mean of each window. */
  public static Pooling mean(OneDnn dnn, long height, long width, INDArray x, INDArray out) {
    return new Pooling(dnn, algorithm.pooling_avg_exclude_padding, height, width, x, out);
  }

  public Kernel forward() {
    return forward;
  }

  /** The gradient of what came in; of the last run of {@link #forward}. */
  public Kernel backward(INDArray slope, INDArray into) {
    var back =
        dnn.own(
            new pooling_backward.primitive_desc(
                dnn.engine(), kind, in, out, window, window, NONE, NONE, NONE, made));
    return dnn.kernel(
        new pooling_backward(back),
        arguments(
            new OneDnn.Argument(DNNL_ARG_DIFF_DST, dnn.view(slope, out)),
            new OneDnn.Argument(DNNL_ARG_DIFF_SRC, dnn.view(into, in))));
  }

  private OneDnn.Argument[] arguments(OneDnn.Argument... plain) {
    List<OneDnn.Argument> all = new ArrayList<>(List.of(plain));
    if (chosen != null) {
      all.add(new OneDnn.Argument(DNNL_ARG_WORKSPACE, chosen));
    }
    return all.toArray(OneDnn.Argument[]::new);
  }
}
