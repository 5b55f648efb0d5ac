package io.retort.kernel;

import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_DIFF_DST;
import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_DIFF_SCALE;
import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_DIFF_SHIFT;
import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_DIFF_SRC;
import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_DST;
import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_MEAN;
import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_SCALE;
import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_SHIFT;
import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_SRC;
import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_VARIANCE;
import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_WORKSPACE;

import java.util.ArrayList;
import java.util.List;
import org.bytedeco.dnnl.batch_normalization_backward;
import org.bytedeco.dnnl.batch_normalization_forward;
import org.bytedeco.dnnl.global.dnnl.normalization_flags;
import org.bytedeco.dnnl.global.dnnl.prop_kind;
import org.bytedeco.dnnl.memory;
import org.bytedeco.dnnl.primitive;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Batch normalisation of images [batch, height, width, channels] over all but their channels (Ioffe
 * and Szegedy, 2015), with scale, shift, mean and variance of shape [channels]. The variance is the
 * biased one.
 */
public final class BatchNormalization {

  private final OneDnn dnn;
  private final float epsilon;
  private final int flags;
  private final memory.desc images;
  private final memory.desc channels;
  private final batch_normalization_forward.primitive_desc training;

  /** Where ReLU let a number through, if there is one. */
  private final @Nullable memory passed;

  /**
   * @param like an array of the images' shape
   * @param relu whether ReLU follows, and its gradient comes before this one's
   */
  public BatchNormalization(OneDnn dnn, float epsilon, INDArray like, boolean relu) {
    this.dnn = dnn;
    this.epsilon = epsilon;
    this.flags =
        normalization_flags.use_scale.value
            | normalization_flags.use_shift.value
            | (relu ? normalization_flags.fuse_norm_relu.value : 0);
    this.images = dnn.images(like);
    this.channels = dnn.layout(new long[] {like.size(3)}, new long[] {1});
    this.training = describe(prop_kind.forward_training.value, flags);
    this.passed = relu ? dnn.scratch(dnn.own(training.workspace_desc())) : null;
  }

  /** Normalises with the batch's own mean and variance and tells them. */
  public Kernel training(
      INDArray x, INDArray scale, INDArray shift, INDArray mean, INDArray variance, INDArray out) {
    return forward(training, passed, x, scale, shift, mean, variance, out);
  }

  /** Normalises with a mean and a variance that are given. */
  public Kernel inference(
      INDArray x, INDArray scale, INDArray shift, INDArray mean, INDArray variance, INDArray out) {
    var made =
        describe(
            prop_kind.forward_inference.value, flags | normalization_flags.use_global_stats.value);
    return forward(made, null, x, scale, shift, mean, variance, out);
  }

  private Kernel forward(
      batch_normalization_forward.primitive_desc made,
      @Nullable memory notes,
      INDArray x,
      INDArray scale,
      INDArray shift,
      INDArray mean,
      INDArray variance,
      INDArray out) {
    return kernel(
        new batch_normalization_forward(made),
        notes,
        argument(DNNL_ARG_SRC, x, images),
        argument(DNNL_ARG_SCALE, scale, channels),
        argument(DNNL_ARG_SHIFT, shift, channels),
        argument(DNNL_ARG_MEAN, mean, channels),
        argument(DNNL_ARG_VARIANCE, variance, channels),
        argument(DNNL_ARG_DST, out, images));
  }

  /**
   * The gradients of images, scale and shift, through the batch's mean and variance too; of the
   * last run of {@link #training}.
   *
   * @param into gradient of the images
   */
  public Kernel backward(
      INDArray x,
      INDArray scale,
      INDArray mean,
      INDArray variance,
      INDArray slope,
      INDArray into,
      INDArray scaleSlope,
      INDArray shiftSlope) {
    var made =
        dnn.own(
            new batch_normalization_backward.primitive_desc(
                dnn.engine(),
                prop_kind.backward.value,
                images,
                images,
                images,
                epsilon,
                flags,
                training));
    return kernel(
        new batch_normalization_backward(made),
        passed,
        argument(DNNL_ARG_SRC, x, images),
        argument(DNNL_ARG_SCALE, scale, channels),
        argument(DNNL_ARG_MEAN, mean, channels),
        argument(DNNL_ARG_VARIANCE, variance, channels),
        argument(DNNL_ARG_DIFF_DST, slope, images),
        argument(DNNL_ARG_DIFF_SRC, into, images),
        argument(DNNL_ARG_DIFF_SCALE, scaleSlope, channels),
        argument(DNNL_ARG_DIFF_SHIFT, shiftSlope, channels));
  }

  private batch_normalization_forward.primitive_desc describe(int kind, int flags) {
    return dnn.own(
        new batch_normalization_forward.primitive_desc(
            dnn.engine(), kind, images, images, epsilon, flags));
  }

  private Kernel kernel(primitive made, @Nullable memory notes, OneDnn.Argument... arguments) {
    List<OneDnn.Argument> all = new ArrayList<>(List.of(arguments));
    if (notes != null) {
      all.add(new OneDnn.Argument(DNNL_ARG_WORKSPACE, notes));
    }
    return dnn.kernel(made, all.toArray(OneDnn.Argument[]::new));
  }

  private OneDnn.Argument argument(int name, INDArray array, memory.desc layout) {
    return new OneDnn.Argument(name, dnn.view(array, layout));
  }
}
