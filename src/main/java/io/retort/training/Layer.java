package io.retort.training;

import io.retort.spec.Activation;

/**
 * One step of a network, with every size known. Images are channels first; a 1-D convolution is one
 * over images of height 1.
 */
sealed interface Layer {

  /** Numbers that leave this layer for one row. */
  int outputs();

  /**
   * A matrix, a bias and an activation.
   *
   * @param residual adds the layer's input to its output
   * @param activation null on the last layer
   */
  record Linear(
      int inputs,
      int outputs,
      @org.jspecify.annotations.Nullable Activation activation,
      boolean residual)
      implements Layer {}

  /** Zero-padded so that a side n becomes ceil(n / stride). */
  record Convolution(
      int inChannels,
      int outChannels,
      int inHeight,
      int inWidth,
      int kernelHeight,
      int kernelWidth,
      int strideHeight,
      int strideWidth,
      Activation activation)
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

  /** Max-pooling whose stride is its side; what does not fill a window is dropped. */
  record MaxPool(int channels, int inHeight, int inWidth, int side) implements Layer {

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

  /**
   * Dropout; in inference it does nothing.
   *
   * @param rate share of units set to 0 while training; the others are scaled by 1 / (1 - rate)
   */
  record Dropout(int outputs, double rate) implements Layer {}
}
