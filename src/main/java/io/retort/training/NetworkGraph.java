package io.retort.training;

import io.retort.model.FeatureScaling;
import io.retort.model.ModelDefinition;
import io.retort.spec.Activation;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
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
 * classes] out.
 *
 * @param masks placeholders of dropout masks, in the order of the layers; empty for inference
 */
record NetworkGraph(SameDiff graph, SDVariable logits, List<Mask> masks) implements AutoCloseable {

  static final String FEATURES = "features";
  static final String LOGITS = "logits";

  /** A dropout mask [batch, width]: 0 or 1 / (1 - rate). */
  record Mask(String name, int width, double rate) {}

  /**
   * @param parameters arrays by tensor name, used as they are, not copied
   * @param batch rows of every array; -1 leaves it open, for files
   * @param training whether dropout is part of the graph
   */
  static NetworkGraph build(
      ModelDefinition definition,
      Map<String, INDArray> parameters,
      int batch,
      DataType type,
      boolean training) {
    return new Builder(definition, parameters, batch, type, training).build();
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
    private boolean image;
    private int activations;

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
      for (Layer layer : LayerPlan.of(definition, "").layers()) {
        h = apply(layer, h);
      }
      return new NetworkGraph(sd, h.rename(LOGITS), List.copyOf(masks));
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

    private SDVariable apply(Layer layer, SDVariable h) {
      if (layer instanceof Layer.Convolution c) {
        return convolution(c, h);
      }
      if (layer instanceof Layer.MaxPool p) {
        return sd.cnn.maxPooling2d(h, pooling(p.side()));
      }
      SDVariable flat = image ? h.reshape(batch, width(layer)) : h;
      image = false;
      return layer instanceof Layer.Dropout d
          ? dropout(d, flat)
          : linear((Layer.Linear) layer, flat);
    }

    private static int width(Layer layer) {
      return layer instanceof Layer.Linear l ? l.inputs() : layer.outputs();
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
      SDVariable in = image ? h : h.reshape(batch, c.inChannels(), c.inHeight(), c.inWidth());
      image = true;
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
              .build();
      return activated(c.activation(), sd.cnn.conv2d(in, parameter(), parameter(), config));
    }

    private static Pooling2DConfig pooling(int side) {
      return Pooling2DConfig.builder()
          .kH(side)
          .kW(side)
          .sH(side)
          .sW(side)
          .pH(0)
          .pW(0)
          .dH(1)
          .dW(1)
          .paddingMode(PaddingMode.VALID)
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

    private SDVariable activated(Activation activation, SDVariable h) {
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
      SDVariable slope =
          sd.constant("gelu" + activations++, Nd4j.scalar(type, 1.702).reshape(1, 1));
      return h.mul(sd.nn.sigmoid(h.mul(slope)));
    }

    private SDVariable parameter() {
      ParameterTensor tensor = tensors.next();
      @Nullable INDArray array = parameters.get(tensor.name());
      if (array == null) {
        throw new IllegalArgumentException("no array for parameter " + tensor.name());
      }
      return sd.var(tensor.name(), array);
    }
  }
}
