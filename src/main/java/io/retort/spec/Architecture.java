package io.retort.spec;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import io.swagger.v3.oas.annotations.media.DiscriminatorMapping;
import io.swagger.v3.oas.annotations.media.Schema;
import jakarta.validation.constraints.DecimalMax;
import jakarta.validation.constraints.DecimalMin;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Size;
import java.util.Collections;
import java.util.List;

/** A network that Retort can build and train; its input shape and classes come from the dataset. */
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "type")
@JsonSubTypes({
  @JsonSubTypes.Type(value = Architecture.Logistic.class, name = "logistic"),
  @JsonSubTypes.Type(value = Architecture.Mlp.class, name = "mlp"),
  @JsonSubTypes.Type(value = Architecture.Cnn1d.class, name = "cnn1d"),
  @JsonSubTypes.Type(value = Architecture.Cnn2d.class, name = "cnn2d"),
  @JsonSubTypes.Type(value = Architecture.Resnet.class, name = "resnet")
})
@Schema(
    description = "A network, told apart by `type`.",
    discriminatorProperty = "type",
    discriminatorMapping = {
      @DiscriminatorMapping(value = "logistic", schema = Architecture.Logistic.class),
      @DiscriminatorMapping(value = "mlp", schema = Architecture.Mlp.class),
      @DiscriminatorMapping(value = "cnn1d", schema = Architecture.Cnn1d.class),
      @DiscriminatorMapping(value = "cnn2d", schema = Architecture.Cnn2d.class),
      @DiscriminatorMapping(value = "resnet", schema = Architecture.Resnet.class)
    },
    oneOf = {
      Architecture.Logistic.class,
      Architecture.Mlp.class,
      Architecture.Cnn1d.class,
      Architecture.Cnn2d.class,
      Architecture.Resnet.class
    })
public sealed interface Architecture {

  /** One linear layer. */
  @Schema(name = "Logistic", description = "One linear layer (softmax regression).")
  record Logistic() implements Architecture {}

  /**
   * Linear layers with an activation after each.
   *
   * @param residual adds a layer's input to its output wherever the widths agree
   */
  @Schema(name = "Mlp", description = "Linear layers with an activation after each.")
  record Mlp(
      @Schema(description = "Widths of the hidden layers, each 1..16384", example = "[100, 100]")
          @NotNull
          @Size(min = 1, max = 32)
          List<@NotNull @Min(1) @Max(16_384) Integer> hidden,
      @Schema(defaultValue = "relu") Activation activation,
      @Schema(
              description = "Share of hidden units dropped while training",
              defaultValue = "0",
              minimum = "0",
              maximum = "0.95")
          @DecimalMin("0")
          @DecimalMax("0.95")
          Double dropout,
      @Schema(
              description = "Add a layer's input to its output where the widths agree",
              defaultValue = "false")
          Boolean residual)
      implements Architecture {
    public Mlp {
      activation = Defaults.or(activation, Activation.RELU);
      dropout = Defaults.or(dropout, 0.0);
      residual = Defaults.or(residual, false);
    }
  }

  /**
   * Strided convolutions along one axis, then a linear layer over what is left.
   *
   * @param kernels one width a convolution; zero-padded so that length n becomes ceil(n / stride)
   */
  @Schema(name = "Cnn1d", description = "Strided 1-D convolutions, then a linear layer.")
  record Cnn1d(
      @Schema(description = "Channels of each convolution, each 1..2048", example = "[25, 25, 25]")
          @NotNull
          @Size(min = 1, max = 32)
          List<@NotNull @Min(1) @Max(2_048) Integer> channels,
      @Schema(description = "Kernel widths, one a convolution; 5 then 3s when left out or empty")
          @Size(max = 32)
          List<@NotNull @Min(1) @Max(99) Integer> kernels,
      @Schema(defaultValue = "2", minimum = "1", maximum = "8") @Min(1) @Max(8) Integer stride,
      @Schema(defaultValue = "relu") Activation activation,
      @Schema(
              description = "Share of units dropped before the last layer while training",
              defaultValue = "0",
              minimum = "0",
              maximum = "0.95")
          @DecimalMin("0")
          @DecimalMax("0.95")
          Double dropout)
      implements Architecture {
    public Cnn1d {
      kernels = Defaults.filled(kernels, channels == null ? List.of() : fiveThenThrees(channels));
      stride = Defaults.or(stride, 2);
      activation = Defaults.or(activation, Activation.RELU);
      dropout = Defaults.or(dropout, 0.0);
    }

    private static List<Integer> fiveThenThrees(List<Integer> channels) {
      List<Integer> kernels = new java.util.ArrayList<>(Collections.nCopies(channels.size(), 3));
      if (!kernels.isEmpty()) {
        kernels.set(0, 5);
      }
      return List.copyOf(kernels);
    }
  }

  /**
   * Blocks of convolution, activation and max-pooling over images, then hidden linear layers.
   *
   * @param kernel side of every convolution, zero-padded to keep height and width
   * @param pool side and stride of the max-pooling after each convolution; 1 for none
   * @param batchNorm normalises what each convolution gives, which then has no bias of its own
   */
  @Schema(name = "Cnn2d", description = "2-D convolutions with max-pooling, then linear layers.")
  record Cnn2d(
      @Schema(description = "Channels of each convolution, each 1..2048", example = "[16, 32]")
          @NotNull
          @Size(min = 1, max = 32)
          List<@NotNull @Min(1) @Max(2_048) Integer> channels,
      @Schema(defaultValue = "3", minimum = "1", maximum = "15") @Min(1) @Max(15) Integer kernel,
      @Schema(
              description = "Side of the max-pooling after each convolution; 1 for none",
              defaultValue = "2",
              minimum = "1",
              maximum = "8")
          @Min(1)
          @Max(8)
          Integer pool,
      @Schema(
              description = "Widths of the linear layers before the last one",
              defaultValue = "[64]")
          @Size(max = 16)
          List<@NotNull @Min(1) @Max(16_384) Integer> hidden,
      @Schema(defaultValue = "relu") Activation activation,
      @Schema(
              description = "Share of hidden units dropped while training",
              defaultValue = "0",
              minimum = "0",
              maximum = "0.95")
          @DecimalMin("0")
          @DecimalMax("0.95")
          Double dropout,
      @Schema(
              description = "Batch normalisation between each convolution and its activation",
              defaultValue = "false")
          Boolean batchNorm)
      implements Architecture {
    public Cnn2d {
      kernel = Defaults.or(kernel, 3);
      pool = Defaults.or(pool, 2);
      hidden = Defaults.list(hidden, List.of(64));
      activation = Defaults.or(activation, Activation.RELU);
      dropout = Defaults.or(dropout, 0.0);
      batchNorm = Defaults.or(batchNorm, false);
    }
  }

  /**
   * A residual network for small images (He et al., 2016, section 4.2): a 3 x 3 convolution, stages
   * of blocks of two 3 x 3 convolutions, the mean over all positions, and a linear layer; batch
   * normalisation after every convolution. Each stage after the first halves height and width; a
   * block that changes the size has a 1 x 1 convolution on its shortcut.
   *
   * @param depth layers with weights on the longest way: 2 + 2 * stages * blocks a stage
   * @param widths channels of each stage
   */
  @Schema(name = "Resnet", description = "A residual network for small images, CIFAR style.")
  record Resnet(
      @Schema(
              description =
                  "Layers with weights: 2 + 2 * stages * blocks in a stage, so 8, 14, 20, 26 ... for"
                      + " three stages",
              defaultValue = "8")
          @Min(4)
          @Max(1_202)
          Integer depth,
      @Schema(description = "Channels of each stage, each 1..2048", defaultValue = "[16, 32, 64]")
          @Size(min = 1, max = 6)
          List<@NotNull @Min(1) @Max(2_048) Integer> widths)
      implements Architecture {
    public Resnet {
      depth = Defaults.or(depth, 8);
      widths = Defaults.list(widths, List.of(16, 32, 64));
    }
  }
}
