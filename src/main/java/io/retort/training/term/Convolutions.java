package io.retort.training.term;

import org.nd4j.linalg.api.ops.impl.layers.convolution.config.Conv2DConfig;
import org.nd4j.linalg.api.ops.impl.layers.convolution.config.PaddingMode;

/** How terms convolve. */
final class Convolutions {

  static final Conv2DConfig SAME_3X3 =
      Conv2DConfig.builder()
          .kH(3)
          .kW(3)
          .sH(1)
          .sW(1)
          .pH(0)
          .pW(0)
          .dH(1)
          .dW(1)
          .paddingMode(PaddingMode.SAME)
          .dataFormat(Conv2DConfig.NHWC)
          .build();

  private Convolutions() {}
}
