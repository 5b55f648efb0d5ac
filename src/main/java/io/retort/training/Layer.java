package io.retort.training;

import io.retort.spec.Activation;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * One step of a network, with every size known. Sizes of images are given as channels, height and
 * width; a 1-D convolution is one over images of height 1.
 */
sealed interface Layer {

  /** Numbers that leave this layer for one row. */
  int outputs();

  /** The layers that have parameters or cost, in the order of the parameters. */
  static Stream<Layer> leaves(List<Layer> layers) {
    return layers.stream()
        .flatMap(
            layer ->
                layer instanceof Residual r
                    ? Stream.concat(leaves(r.body()), leaves(r.shortcut()))
                    : Stream.of(layer));
  }

  /**
   * A matrix, a bias and an activation.
   *
   * @param residual adds the layer's input to its output
   * @param activation null on the last layer
   */
  record Linear(int inputs, int outputs, @Nullable Activation activation, boolean residual)
      implements Layer {}

  /**
   * Zero-padded so that a side n becomes ceil(n / stride).
   *
   * @param bias false where a batch normalisation follows
   * @param activation null where it comes later
   */
  record Convolution(
      int inChannels,
      int outChannels,
      int inHeight,
      int inWidth,
      int kernelHeight,
      int kernelWidth,
      int strideHeight,
      int strideWidth,
      boolean bias,
      @Nullable Activation activation)
      implements Layer {

    int outHeight() {
      return (inHeight + strideHeight - 1) / strideHeight;
    }

    int outWidth() {
      return (inWidth + strideWidth - 1) / strideWidth;
    }

    @Override
    public int outputs() {
      return outChannels * outHeight() * outWidth();
    }
  }

  /**
   * Batch normalisation of each channel with a scale and a shift of its own; with running mean and
   * variance in inference.
   *
   * @param activation null where it comes later
   */
  record BatchNorm(int channels, int height, int width, @Nullable Activation activation)
      implements Layer {

    /** As PyTorch and Keras have it by default. */
    static final double EPSILON = 1e-5;

    /** Share of a batch's figures in the running ones after it. */
    static final double MOMENTUM = 0.1;

    @Override
    public int outputs() {
      return channels * height * width;
    }
  }

  /** The sum of two ways, then ReLU; an empty shortcut hands the images on as they are. */
  record Residual(List<Layer> body, List<Layer> shortcut) implements Layer {

    @Override
    public int outputs() {
      return body.get(body.size() - 1).outputs();
    }
  }

  /**
   * Max-pooling whose stride is its side; what does not fill a window is dropped.
   *
   * @param activation of the convolution before, if it never falls: then the largest of a window
   *     stays the largest, and it is cheaper to apply it to that one alone
   */
  record MaxPool(int channels, int inHeight, int inWidth, int side, @Nullable Activation activation)
      implements Layer {

    int outHeight() {
      return inHeight / side;
    }

    int outWidth() {
      return inWidth / side;
    }

    @Override
    public int outputs() {
      return channels * outHeight() * outWidth();
    }
  }

  /** The mean of each channel over all positions. */
  record MeanPool(int channels, int height, int width) implements Layer {

    @Override
    public int outputs() {
      return channels;
    }
  }

  /**
   * Dropout; in inference it does nothing.
   *
   * @param rate share of units set to 0 while training; the others are scaled by 1 / (1 - rate)
   */
  record Dropout(int outputs, double rate) implements Layer {}
}
