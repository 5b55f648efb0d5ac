package io.retort.training;

import io.retort.model.ModelDefinition;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/** Where each weight and bias lies in the flat parameter vector: layer by layer, weight first. */
record ParameterLayout(List<ParameterTensor> tensors, int size) {

  static ParameterLayout of(ModelDefinition definition) {
    List<ParameterTensor> tensors = new ArrayList<>();
    int offset = 0;
    int index = 0;
    for (Layer layer : LayerPlan.of(definition, "").layers()) {
      long[] shape = weightShape(layer);
      if (shape.length > 0) {
        long out = shape[shape.length - 1];
        ParameterTensor weight = new ParameterTensor("w" + index, shape, offset, fanIn(shape));
        offset += weight.size();
        tensors.add(weight);
        tensors.add(new ParameterTensor("b" + index, new long[] {out}, offset, weight.fanIn()));
        offset += Math.toIntExact(out);
        index++;
      }
    }
    return new ParameterLayout(List.copyOf(tensors), offset);
  }

  private static long[] weightShape(Layer layer) {
    if (layer instanceof Layer.Linear l) {
      return new long[] {l.inputs(), l.outputs()};
    }
    if (layer instanceof Layer.Convolution c) {
      return new long[] {c.kernelHeight(), c.kernelWidth(), c.inChannels(), c.outChannels()};
    }
    return new long[0];
  }

  private static int fanIn(long[] shape) {
    long product = 1;
    for (int d = 0; d < shape.length - 1; d++) {
      product *= shape[d];
    }
    return Math.toIntExact(product);
  }

  /**
   * Initial parameters: uniform within 1 / sqrt(fan-in) either way, weights and biases alike (the
   * default of PyTorch's linear and convolution layers). The same on every machine.
   */
  float[] initial(long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    float[] values = new float[size];
    for (ParameterTensor tensor : tensors) {
      double bound = 1 / StrictMath.sqrt(tensor.fanIn());
      for (int i = 0; i < tensor.size(); i++) {
        values[tensor.offset() + i] = (float) (bound * (2 * random.nextDouble() - 1));
      }
    }
    return values;
  }
}
