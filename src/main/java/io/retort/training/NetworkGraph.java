package io.retort.training;

import io.retort.model.FeatureScaling;
import io.retort.model.ModelDefinition;
import io.retort.spec.Activation;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.nd4j.autodiff.samediff.SDVariable;
import org.nd4j.autodiff.samediff.SameDiff;
import org.nd4j.autodiff.samediff.VariableType;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.api.ops.impl.layers.convolution.config.Conv2DConfig;
import org.nd4j.linalg.api.ops.impl.layers.convolution.config.PaddingMode;
import org.nd4j.linalg.api.ops.impl.layers.convolution.config.Pooling2DConfig;
import org.nd4j.linalg.factory.Nd4j;

/**
 * A network as a SameDiff graph: raw {@code features} [batch, columns] in, {@code logits} [batch,
 * classes] out. Between convolutions images are [batch, height, width, channels], which CPUs
 * convolve fastest; rows, and what the linear layers after convolutions read, are channels first.
 *
 * @param masks placeholders of dropout masks, in the order of the layers; empty for inference
 * @param norms batch normalisations, in the order of the layers; empty for inference
 * @param taps the tensors of {@link TapPoint}, by name; those of images are channels last
 */
record NetworkGraph(
    SameDiff graph,
    SDVariable logits,
    List<Mask> masks,
    List<Norm> norms,
    Map<String, SDVariable> taps)
    implements AutoCloseable {

  static final String FEATURES = "features";
  static final String LOGITS = "logits";

  /** A dropout mask [batch, width]: 0 or 1 / (1 - rate). */
  record Mask(String name, int width, double rate) {}

  /**
   * A batch normalisation while training.
   *
   * @param mean variable of the batch's mean, [channels]
   * @param variance likewise, biased
   * @param runningMean tensor that follows it
   * @param runningVariance likewise
   * @param positions numbers a row over which a channel's mean is taken
   */
  record Norm(
      String mean,
      String variance,
      ParameterTensor runningMean,
      ParameterTensor runningVariance,
      int positions) {}

  /**
   * @param parameters arrays by tensor name, used as they are, not copied
   * @param batch rows of every array; -1 leaves it open, for files
   * @param training whether dropout is part of the graph, and whether batch normalisation takes the
   *     batch's own mean and variance
   */
  static NetworkGraph build(
      ModelDefinition definition,
      Map<String, INDArray> parameters,
      int batch,
      DataType type,
      boolean training) {
    return new Builder(definition, parameters, batch, type, training).build();
  }

  SDVariable tap(String name) {
    return Objects.requireNonNull(taps.get(name), name);
  }

  /** Frees the constants; parameters belong to the caller. */
  @Override
  public void close() {
    graph.variables().stream()
        .filter(v -> v.getVariableType() == VariableType.CONSTANT)
        .forEach(v -> v.getArr().close());
  }

  private static final class Builder {
    private final SameDiff sd = SameDiff.create();
    private final ModelDefinition definition;
    private final Map<String, INDArray> parameters;
    private final Iterator<ParameterTensor> tensors;
    private final int batch;
    private final DataType type;
    private final boolean training;
    private final List<Mask> masks = new ArrayList<>();
    private final List<Norm> norms = new ArrayList<>();
    private final Map<String, SDVariable> taps = new HashMap<>();
    private @Nullable ImageSize image;
    private int activations;

    /** What the latest activation was applied to. */
    private @Nullable SDVariable unactivated;

    /** The latest flat rows, dropout aside. */
    private @Nullable SDVariable undropped;

    private boolean dropped;

    /** Null in the field above while rows are flat. */
    private record ImageSize(int channels, int height, int width) {

      /** Whether channels first and channels last are the same order. */
      boolean isOneOrder() {
        return channels == 1 || height * width == 1;
      }
    }

    Builder(
        ModelDefinition definition,
        Map<String, INDArray> parameters,
        int batch,
        DataType type,
        boolean training) {
      this.definition = definition;
      this.parameters = parameters;
      this.tensors = ParameterLayout.of(definition).tensors().iterator();
      this.batch = batch;
      this.type = type;
      this.training = training;
    }

    NetworkGraph build() {
      SDVariable h = scaled(sd.placeHolder(FEATURES, type, batch, definition.columns()));
      LayerPlan plan = LayerPlan.of(definition, "");
      List<TapPoint> points = TapPoint.of(plan);
      for (int i = 0; i < plan.layers().size(); i++) {
        h = apply(plan.layers().get(i), h);
        for (TapPoint point : points) {
          if (point.layer() == i) {
            taps.put(point.tap().name(), tapped(point, h));
          }
        }
      }
      return new NetworkGraph(
          sd, h.rename(LOGITS), List.copyOf(masks), List.copyOf(norms), Map.copyOf(taps));
    }

    private SDVariable tapped(TapPoint point, SDVariable output) {
      return switch (point.place()) {
        case AFTER_ACTIVATION -> output;
        case BEFORE_ACTIVATION -> Objects.requireNonNull(unactivated);
        case PENULTIMATE -> Objects.requireNonNull(undropped);
      };
    }

    private SDVariable scaled(SDVariable features) {
      FeatureScaling scaling = definition.scaling();
      return scaling == null
          ? features
          : features
              .sub(constant("mean", scaling.mean(), false))
              .mul(constant("inverseDeviation", scaling.deviation(), true));
    }

    private SDVariable constant(String name, List<Float> values, boolean inverse) {
      float[] row = new float[values.size()];
      for (int i = 0; i < row.length; i++) {
        row[i] = inverse ? 1 / values.get(i) : values.get(i);
      }
      return sd.constant(name, Nd4j.createFromArray(row).castTo(type).reshape(1, row.length));
    }

    private SDVariable apply(List<Layer> layers, SDVariable input) {
      SDVariable h = input;
      for (Layer layer : layers) {
        h = apply(layer, h);
      }
      return h;
    }

    private SDVariable apply(Layer layer, SDVariable h) {
      if (layer instanceof Layer.Convolution c) {
        return convolution(c, images(c, h));
      }
      if (layer instanceof Layer.BatchNorm n) {
        return batchNorm(n, h);
      }
      if (layer instanceof Layer.Residual r) {
        return residual(r, h);
      }
      if (layer instanceof Layer.MaxPool p) {
        image = new ImageSize(p.channels(), p.outHeight(), p.outWidth());
        return activated(p.activation(), sd.cnn.maxPooling2d(h, pooling(p.side(), p.side())));
      }
      if (layer instanceof Layer.MeanPool p) {
        image = new ImageSize(p.channels(), 1, 1);
        return sd.cnn.avgPooling2d(h, pooling(p.height(), p.width()));
      }
      SDVariable flat = flat(h);
      if (!dropped) {
        undropped = flat;
      }
      dropped = layer instanceof Layer.Dropout;
      return layer instanceof Layer.Dropout d
          ? dropout(d, flat)
          : linear((Layer.Linear) layer, flat);
    }

    /** Rows as images, channels last. */
    private SDVariable images(Layer.Convolution c, SDVariable h) {
      if (image != null) {
        return h;
      }
      image = new ImageSize(c.inChannels(), c.inHeight(), c.inWidth());
      return image.isOneOrder()
          ? h.reshape(batch, c.inHeight(), c.inWidth(), c.inChannels())
          : sd.permute(h.reshape(batch, c.inChannels(), c.inHeight(), c.inWidth()), 0, 2, 3, 1);
    }

    /** Images as rows, channels first. */
    private SDVariable flat(SDVariable h) {
      ImageSize size = image;
      if (size == null) {
        return h;
      }
      image = null;
      SDVariable ordered = size.isOneOrder() ? h : sd.permute(h, 0, 3, 1, 2);
      return ordered.reshape(batch, size.channels() * size.height() * size.width());
    }

    private SDVariable linear(Layer.Linear layer, SDVariable h) {
      SDVariable sum = h.mmul(parameter()).add(parameter());
      if (layer.activation() == null) {
        return sum;
      }
      SDVariable out = activated(layer.activation(), sum);
      return layer.residual() ? out.add(h) : out;
    }

    private SDVariable convolution(Layer.Convolution c, SDVariable h) {
      Conv2DConfig config =
          Conv2DConfig.builder()
              .kH(c.kernelHeight())
              .kW(c.kernelWidth())
              .sH(c.strideHeight())
              .sW(c.strideWidth())
              .pH(0)
              .pW(0)
              .dH(1)
              .dW(1)
              .paddingMode(PaddingMode.SAME)
              .dataFormat(Conv2DConfig.NHWC)
              .build();
      SDVariable sum =
          c.bias()
              ? sd.cnn.conv2d(h, parameter(), parameter(), config)
              : sd.cnn.conv2d(h, parameter(), config);
      image = new ImageSize(c.outChannels(), c.outHeight(), c.outWidth());
      return activated(c.activation(), sum);
    }

    private SDVariable batchNorm(Layer.BatchNorm n, SDVariable h) {
      SDVariable scale = parameter();
      SDVariable shift = parameter();
      ParameterTensor runningMean = tensors.next();
      ParameterTensor runningVariance = tensors.next();
      SDVariable mean;
      SDVariable variance;
      if (training) {
        SDVariable[] moments = sd.math.moments(h, new int[] {0, 1, 2}, false);
        mean = moments[0];
        variance = moments[1];
        norms.add(
            new Norm(
                mean.name(),
                variance.name(),
                runningMean,
                runningVariance,
                n.height() * n.width()));
      } else {
        mean = parameter(runningMean);
        variance = parameter(runningVariance);
      }
      return activated(
          n.activation(),
          sd.nn.batchNorm(h, mean, variance, scale, shift, Layer.BatchNorm.EPSILON, 3));
    }

    private SDVariable residual(Layer.Residual r, SDVariable h) {
      ImageSize before = image;
      SDVariable body = apply(r.body(), h);
      ImageSize after = image;
      image = before;
      SDVariable shortcut = apply(r.shortcut(), h);
      image = after;
      SDVariable sum = body.add(shortcut);
      unactivated = sum;
      return sd.nn.relu(sum, 0);
    }

    private static Pooling2DConfig pooling(int height, int width) {
      return Pooling2DConfig.builder()
          .kH(height)
          .kW(width)
          .sH(height)
          .sW(width)
          .pH(0)
          .pW(0)
          .dH(1)
          .dW(1)
          .paddingMode(PaddingMode.VALID)
          .isNHWC(true)
          .build();
    }

    private SDVariable dropout(Layer.Dropout layer, SDVariable h) {
      if (!training) {
        return h;
      }
      Mask mask = new Mask("mask" + masks.size(), layer.outputs(), layer.rate());
      masks.add(mask);
      return h.mul(sd.placeHolder(mask.name(), type, batch, layer.outputs()));
    }

    private SDVariable activated(@Nullable Activation activation, SDVariable h) {
      if (activation == null) {
        return h;
      }
      unactivated = h;
      return switch (activation) {
        case RELU -> sd.nn.relu(h, 0);
        case TANH -> sd.math.tanh(h);
        case SIGMOID -> sd.nn.sigmoid(h);
        case GELU -> gelu(h);
      };
    }

    /**
     * x * sigmoid(1.702 x) (Hendrycks and Gimpel, 2016). SameDiff's own {@code gelu} computes the
     * same, but its derivative is NaN from about x = 40 on.
     */
    private SDVariable gelu(SDVariable h) {
      long[] ones = image == null ? new long[] {1, 1} : new long[] {1, 1, 1, 1};
      SDVariable slope =
          sd.constant("gelu" + activations++, Nd4j.scalar(type, 1.702).reshape(ones));
      return h.mul(sd.nn.sigmoid(h.mul(slope)));
    }

    private SDVariable parameter() {
      return parameter(tensors.next());
    }

    private SDVariable parameter(ParameterTensor tensor) {
      @Nullable INDArray array = parameters.get(tensor.name());
      if (array == null) {
        throw new IllegalArgumentException("no array for parameter " + tensor.name());
      }
      return sd.var(tensor.name(), array);
    }
  }
}
