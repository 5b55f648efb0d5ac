package io.retort.kernel;

import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_BIAS;
import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_DIFF_BIAS;
import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_DIFF_DST;
import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_DIFF_SRC;
import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_DIFF_WEIGHTS;
import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_DST;
import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_SRC;
import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_WEIGHTS;

import java.util.ArrayList;
import java.util.List;
import org.bytedeco.dnnl.convolution_backward_data;
import org.bytedeco.dnnl.convolution_backward_weights;
import org.bytedeco.dnnl.convolution_forward;
import org.bytedeco.dnnl.global.dnnl.algorithm;
import org.bytedeco.dnnl.global.dnnl.prop_kind;
import org.bytedeco.dnnl.memory;
import org.bytedeco.dnnl.primitive;
import org.bytedeco.dnnl.primitive_attr;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * A 2-D convolution of given sizes, forward and backward. Images are [batch, height, width,
 * channels], weights [height, width, in, out], biases [out].
 */
public final class Convolution {

  private final OneDnn dnn;
  private final Sizes sizes;

  /**
   * @param inputs shape of the images that come in
   * @param weights shape of the weights
   * @param strides down and across
   * @param padding zeros added at top, left, bottom and right
   */
  public record Sizes(long[] inputs, long[] weights, long[] strides, long[] padding) {

    long[] outputs() {
      long[] spatial = new long[2];
      for (int d = 0; d < 2; d++) {
        long padded = inputs[d + 1] + padding[d] + padding[d + 2];
        spatial[d] = (padded - weights[d]) / strides[d] + 1;
      }
      return new long[] {inputs[0], spatial[0], spatial[1], weights[3]};
    }

    /** TensorFlow's rule: side n becomes ceil(n / stride), the odd zero at the end. */
    public static Sizes same(long[] inputs, long[] weights, long down, long across) {
      long height = total(inputs[1], weights[0], down);
      long width = total(inputs[2], weights[1], across);
      long[] padding = {height / 2, width / 2, height - height / 2, width - width / 2};
      return new Sizes(inputs, weights, new long[] {down, across}, padding);
    }

    private static long total(long side, long kernel, long stride) {
      long out = (side + stride - 1) / stride;
      return Math.max(0, (out - 1) * stride + kernel - side);
    }
  }

  public Convolution(OneDnn dnn, Sizes sizes) {
    this.dnn = dnn;
    this.sizes = sizes;
  }

  /** {@code out = x * w + bias}, then ReLU if asked for. */
  public Kernel forward(
      INDArray x, INDArray w, @Nullable INDArray bias, INDArray out, boolean relu) {
    primitive_attr attributes = dnn.own(new primitive_attr());
    if (relu) {
      attributes.set_post_ops(Products.relu(dnn));
    }
    var made = describe(dnn.images(x), bias, dnn.images(out), attributes);
    List<Kernel> steps = new ArrayList<>();
    List<OneDnn.Argument> arguments = new ArrayList<>();
    arguments.add(new OneDnn.Argument(DNNL_ARG_SRC, dnn.view(x, dnn.images(x))));
    arguments.add(
        new OneDnn.Argument(
            DNNL_ARG_WEIGHTS,
            dnn.reading(dnn.view(w, dnn.filters(w)), dnn.own(made.weights_desc()), steps)));
    arguments.add(new OneDnn.Argument(DNNL_ARG_DST, dnn.view(out, dnn.images(out))));
    if (bias != null) {
      arguments.add(new OneDnn.Argument(DNNL_ARG_BIAS, dnn.view(bias, biases())));
    }
    steps.add(kernel(new convolution_forward(made), arguments));
    return Kernel.sequence(steps);
  }

  /** The gradient of the images that came in. */
  public Kernel backwardImages(INDArray slope, INDArray w, INDArray into) {
    var made =
        dnn.own(
            new convolution_backward_data.primitive_desc(
                dnn.engine(),
                algorithm.convolution_direct,
                dnn.images(into),
                anyWeights(),
                dnn.images(slope),
                sizes.strides(),
                before(),
                after(),
                describe(
                    dnn.images(into), null, dnn.images(slope), dnn.own(new primitive_attr()))));
    List<Kernel> steps = new ArrayList<>();
    memory weights = dnn.reading(dnn.view(w, dnn.filters(w)), dnn.own(made.weights_desc()), steps);
    steps.add(
        kernel(
            new convolution_backward_data(made),
            List.of(
                new OneDnn.Argument(DNNL_ARG_DIFF_DST, dnn.view(slope, dnn.images(slope))),
                new OneDnn.Argument(DNNL_ARG_WEIGHTS, weights),
                new OneDnn.Argument(DNNL_ARG_DIFF_SRC, dnn.view(into, dnn.images(into))))));
    return Kernel.sequence(steps);
  }

  /** The gradients of weights and biases. */
  public Kernel backwardWeights(
      INDArray x, INDArray slope, INDArray weights, @Nullable INDArray bias) {
    var forward = describe(dnn.images(x), bias, dnn.images(slope), dnn.own(new primitive_attr()));
    var made =
        bias == null
            ? new convolution_backward_weights.primitive_desc(
                dnn.engine(),
                algorithm.convolution_direct,
                dnn.images(x),
                anyWeights(),
                dnn.images(slope),
                sizes.strides(),
                before(),
                after(),
                forward)
            : new convolution_backward_weights.primitive_desc(
                dnn.engine(),
                algorithm.convolution_direct,
                dnn.images(x),
                anyWeights(),
                biases(),
                dnn.images(slope),
                sizes.strides(),
                before(),
                after(),
                forward);
    dnn.own(made);
    List<Kernel> afterwards = new ArrayList<>();
    List<OneDnn.Argument> arguments = new ArrayList<>();
    arguments.add(new OneDnn.Argument(DNNL_ARG_SRC, dnn.view(x, dnn.images(x))));
    arguments.add(new OneDnn.Argument(DNNL_ARG_DIFF_DST, dnn.view(slope, dnn.images(slope))));
    arguments.add(
        new OneDnn.Argument(
            DNNL_ARG_DIFF_WEIGHTS,
            dnn.writing(
                dnn.view(weights, dnn.filters(weights)),
                dnn.own(made.diff_weights_desc()),
                afterwards)));
    if (bias != null) {
      arguments.add(new OneDnn.Argument(DNNL_ARG_DIFF_BIAS, dnn.view(bias, biases())));
    }
    List<Kernel> steps = new ArrayList<>();
    steps.add(kernel(new convolution_backward_weights(made), arguments));
    steps.addAll(afterwards);
    return Kernel.sequence(steps);
  }

  private convolution_forward.primitive_desc describe(
      memory.desc in, @Nullable INDArray bias, memory.desc out, primitive_attr attributes) {
    return dnn.own(
        bias == null
            ? new convolution_forward.primitive_desc(
                dnn.engine(),
                prop_kind.forward_training,
                algorithm.convolution_direct,
                in,
                anyWeights(),
                out,
                sizes.strides(),
                before(),
                after(),
                attributes,
                false)
            : new convolution_forward.primitive_desc(
                dnn.engine(),
                prop_kind.forward_training,
                algorithm.convolution_direct,
                in,
                anyWeights(),
                biases(),
                out,
                sizes.strides(),
                before(),
                after(),
                attributes,
                false));
  }

  private memory.desc anyWeights() {
    return dnn.anyOrder(OneDnn.permuted(sizes.weights(), 3, 2, 0, 1));
  }

  private memory.desc biases() {
    return dnn.layout(new long[] {sizes.weights()[3]}, new long[] {1});
  }

  private long[] before() {
    return new long[] {sizes.padding()[0], sizes.padding()[1]};
  }

  private long[] after() {
    return new long[] {sizes.padding()[2], sizes.padding()[3]};
  }

  private Kernel kernel(primitive made, List<OneDnn.Argument> arguments) {
    return dnn.kernel(made, arguments.toArray(OneDnn.Argument[]::new));
  }
}
