package io.retort.training;

import io.retort.model.ModelDefinition;

/**
 * What a network costs.
 *
 * @param parameters trained numbers, biases included
 * @param multiplyAdds of one row through its convolutions and linear layers, biases not counted
 */
public record NetworkSize(long parameters, long multiplyAdds) {

  public static NetworkSize of(ModelDefinition definition) {
    long parameters = 0;
    long multiplyAdds = 0;
    for (Layer layer : Layer.leaves(LayerPlan.of(definition, "").layers()).toList()) {
      parameters += parameters(layer);
      multiplyAdds += multiplyAdds(layer);
    }
    return new NetworkSize(parameters, multiplyAdds);
  }

  static long parameters(Layer layer) {
    if (layer instanceof Layer.Linear l) {
      return (l.inputs() + 1L) * l.outputs();
    }
    if (layer instanceof Layer.Convolution c) {
      return ((long) c.inChannels() * c.kernelHeight() * c.kernelWidth() + (c.bias() ? 1 : 0))
          * c.outChannels();
    }
    if (layer instanceof Layer.BatchNorm n) {
      return 2L * n.channels();
    }
    return 0;
  }

  static long multiplyAdds(Layer layer) {
    if (layer instanceof Layer.Linear l) {
      return (long) l.inputs() * l.outputs();
    }
    if (layer instanceof Layer.Convolution c) {
      return (long) c.inChannels() * c.kernelHeight() * c.kernelWidth() * c.outputs();
    }
    return 0;
  }
}
