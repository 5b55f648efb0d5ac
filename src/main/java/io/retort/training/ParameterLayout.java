package io.retort.training;

import io.retort.model.ModelDefinition;
import io.retort.training.ParameterTensor.Kind;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/**
 * Where each tensor lies in the flat parameter vector: first what is trained, layer by layer, then
 * the running means and variances.
 *
 * @param tensors in the order of the layers
 * @param trained how many floats, from the first, an optimiser changes
 * @param size of the whole vector
 */
record ParameterLayout(List<ParameterTensor> tensors, int trained, int size) {

  static ParameterLayout of(ModelDefinition definition) {
    List<Layer> leaves = Layer.leaves(LayerPlan.of(definition, "").layers()).toList();
    int trained = Math.toIntExact(leaves.stream().mapToLong(NetworkSize::parameters).sum());
    Builder builder = new Builder(trained);
    leaves.forEach(builder::add);
    return new ParameterLayout(List.copyOf(builder.tensors), trained, builder.running);
  }

  private static final class Builder {
    private final List<ParameterTensor> tensors = new ArrayList<>();
    private int next;
    private int running;
    private int index;

    Builder(int trained) {
      this.running = trained;
    }

    void add(Layer layer) {
      if (layer instanceof Layer.Linear l) {
        weights(new long[] {l.inputs(), l.outputs()}, l.inputs(), true);
      } else if (layer instanceof Layer.Convolution c) {
        long[] shape = {c.kernelHeight(), c.kernelWidth(), c.inChannels(), c.outChannels()};
        weights(shape, c.kernelHeight() * c.kernelWidth() * c.inChannels(), c.bias());
      } else if (layer instanceof Layer.BatchNorm n) {
        long[] shape = {n.channels()};
        add("scale", Kind.SCALE, shape, 1);
        add("shift", Kind.SHIFT, shape, 1);
        add("mean", Kind.MEAN, shape, 1);
        add("variance", Kind.VARIANCE, shape, 1);
        index++;
      }
    }

    private void weights(long[] shape, int fanIn, boolean bias) {
      add("w", Kind.WEIGHT, shape, fanIn);
      if (bias) {
        add("b", Kind.WEIGHT, new long[] {shape[shape.length - 1]}, fanIn);
      }
      index++;
    }

    private void add(String name, Kind kind, long[] shape, int fanIn) {
      int offset = kind.trained() ? next : running;
      ParameterTensor tensor = new ParameterTensor(name + index, kind, shape, offset, fanIn);
      tensors.add(tensor);
      if (kind.trained()) {
        next += tensor.size();
      } else {
        running += tensor.size();
      }
    }
  }

  /**
   * Initial parameters: weights and biases alike uniform within 1 / sqrt(fan-in) either way (the
   * default of PyTorch's linear and convolution layers). The same on every machine.
   */
  float[] initial(long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    float[] values = new float[size];
    for (ParameterTensor tensor : tensors) {
      double bound = 1 / StrictMath.sqrt(tensor.fanIn());
      for (int i = 0; i < tensor.size(); i++) {
        values[tensor.offset() + i] =
            switch (tensor.kind()) {
              case WEIGHT -> (float) (bound * (2 * random.nextDouble() - 1));
              case SCALE, VARIANCE -> 1;
              case SHIFT, MEAN -> 0;
            };
      }
    }
    return values;
  }
}
