package io.retort.training;

import io.retort.model.FeatureScaling;
import io.retort.model.ModelDefinition;
import io.retort.model.TrainedModel;
import io.retort.onnx.Constant;
import io.retort.onnx.OnnxGraph;
import io.retort.spec.Activation;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A network in ONNX's operations. ONNX convolves images channels first and keeps a convolution's
 * weights as [out, in, height, width]; rows are channels first everywhere.
 */
final class OnnxExport {

  /** Of {@link NetworkGraph}'s gelu. */
  private static final float GELU_SLOPE = 1.702f;

  private final OnnxGraph graph;
  private final ModelDefinition definition;
  private final float[] parameters;
  private final Iterator<ParameterTensor> tensors;
  private boolean images;
  private int constants;

  private OnnxExport(TrainedModel model) {
    this.definition = model.definition();
    this.parameters = model.parameters();
    this.tensors = ParameterLayout.of(definition).tensors().iterator();
    this.graph = new OnnxGraph(definition.columns(), definition.classes().size());
  }

  static OnnxGraph of(TrainedModel model) {
    OnnxExport export = new OnnxExport(model);
    export.graph.finish(
        export.apply(LayerPlan.of(model.definition(), "").layers(), export.scaled()));
    return export.graph;
  }

  private String scaled() {
    FeatureScaling scaling = definition.scaling();
    if (scaling == null) {
      return OnnxGraph.FEATURES;
    }
    float[] mean = new float[definition.columns()];
    float[] inverse = new float[mean.length];
    for (int i = 0; i < mean.length; i++) {
      mean[i] = scaling.mean().get(i);
      inverse[i] = 1 / scaling.deviation().get(i);
    }
    String centred = add("Sub", OnnxGraph.FEATURES, floats("mean", mean, mean.length));
    return add("Mul", centred, floats("inverseDeviation", inverse, mean.length));
  }

  private String apply(List<Layer> layers, String input) {
    String h = input;
    for (Layer layer : layers) {
      h = apply(layer, h);
    }
    return h;
  }

  private String apply(Layer layer, String h) {
    if (layer instanceof Layer.Convolution c) {
      return convolution(c, images(c, h));
    }
    if (layer instanceof Layer.BatchNorm n) {
      return batchNorm(n, h);
    }
    if (layer instanceof Layer.Residual r) {
      String body = apply(r.body(), h);
      return add("Relu", add("Add", body, apply(r.shortcut(), h)));
    }
    if (layer instanceof Layer.MaxPool p) {
      long[] side = {p.side(), p.side()};
      return activated(
          p.activation(), graph.add("MaxPool", Map.of("kernel_shape", side, "strides", side), h));
    }
    if (layer instanceof Layer.MeanPool) {
      return add("GlobalAveragePool", h);
    }
    if (layer instanceof Layer.Linear l) {
      return linear(l, flat(h));
    }
    return h; // dropout does nothing in inference
  }

  private String images(Layer.Convolution c, String h) {
    if (images) {
      return h;
    }
    images = true;
    // 0 takes the batch from the input
    Constant shape = new Constant.Longs(0, c.inChannels(), c.inHeight(), c.inWidth());
    return add("Reshape", h, graph.constant("imageShape", shape));
  }

  private String flat(String h) {
    if (!images) {
      return h;
    }
    images = false;
    return graph.add("Flatten", Map.of("axis", 1L), h);
  }

  private String convolution(Layer.Convolution c, String h) {
    int vertical = padding(c.inHeight(), c.outHeight(), c.strideHeight(), c.kernelHeight());
    int horizontal = padding(c.inWidth(), c.outWidth(), c.strideWidth(), c.kernelWidth());
    Map<String, Object> attributes =
        Map.of(
            "kernel_shape", new long[] {c.kernelHeight(), c.kernelWidth()},
            "strides", new long[] {c.strideHeight(), c.strideWidth()},
            "pads",
                new long[] {
                  vertical / 2, horizontal / 2, vertical - vertical / 2, horizontal - horizontal / 2
                });
    String weights = kernel(tensors.next());
    String sum =
        c.bias()
            ? graph.add("Conv", attributes, h, weights, parameter())
            : graph.add("Conv", attributes, h, weights);
    return activated(c.activation(), sum);
  }

  /** Zeros on both sides together, so that n becomes ceil(n / stride); an odd one comes last. */
  private static int padding(int in, int out, int stride, int kernel) {
    return Math.max((out - 1) * stride + kernel - in, 0);
  }

  /** [height, width, in, out] as [out, in, height, width]. */
  private String kernel(ParameterTensor tensor) {
    long[] shape = tensor.shape();
    int positions = (int) (shape[0] * shape[1]);
    int in = (int) shape[2];
    int out = (int) shape[3];
    float[] values = new float[tensor.size()];
    for (int p = 0; p < positions; p++) {
      for (int i = 0; i < in; i++) {
        for (int o = 0; o < out; o++) {
          values[(o * in + i) * positions + p] =
              parameters[tensor.offset() + (p * in + i) * out + o];
        }
      }
    }
    return floats(tensor.name(), values, out, in, shape[0], shape[1]);
  }

  private String batchNorm(Layer.BatchNorm n, String h) {
    return activated(
        n.activation(),
        graph.add(
            "BatchNormalization",
            Map.of("epsilon", (float) Layer.BatchNorm.EPSILON),
            h,
            parameter(),
            parameter(),
            parameter(),
            parameter()));
  }

  private String linear(Layer.Linear layer, String h) {
    String out = activated(layer.activation(), add("Gemm", h, parameter(), parameter()));
    return layer.residual() && layer.activation() != null ? add("Add", out, h) : out;
  }

  private String activated(@Nullable Activation activation, String h) {
    if (activation == null) {
      return h;
    }
    return switch (activation) {
      case RELU -> add("Relu", h);
      case TANH -> add("Tanh", h);
      case SIGMOID -> add("Sigmoid", h);
      case GELU ->
          add(
              "Mul",
              h,
              add(
                  "Sigmoid",
                  add("Mul", h, floats("gelu" + constants++, new float[] {GELU_SLOPE}, 1))));
    };
  }

  private String parameter() {
    ParameterTensor tensor = tensors.next();
    return floats(
        tensor.name(),
        Arrays.copyOfRange(parameters, tensor.offset(), tensor.offset() + tensor.size()),
        tensor.shape());
  }

  private String floats(String name, float[] values, long... shape) {
    return graph.constant(name, new Constant.Floats(values, shape));
  }

  private String add(String operator, String... inputs) {
    return graph.add(operator, Map.of(), inputs);
  }
}
