package io.retort.training;

import io.retort.model.ModelDefinition;
import io.retort.spec.Activation;
import io.retort.spec.Architecture;
import java.util.ArrayList;
import java.util.List;

/**
 * An architecture unrolled over an input shape: the layers with all their sizes, from which the
 * graph, the parameters and the cost all follow.
 */
record LayerPlan(List<Layer> layers) {

  /** A network of more numbers than this is refused before anything is allocated. */
  private static final long MAX_PARAMETERS = 200_000_000;

  /** Numbers of one row in one layer; larger ones would not fit a batch. */
  private static final long MAX_ACTIVATIONS = 16_000_000;

  /**
   * @param pointer of the architecture in the job spec, for errors
   * @throws TrainingException where the architecture cannot read such rows
   */
  static LayerPlan of(ModelDefinition definition, String pointer) {
    Builder builder = new Builder(pointer, definition);
    Architecture architecture = definition.architecture();
    if (architecture instanceof Architecture.Mlp mlp) {
      builder.linears(mlp.hidden(), mlp.activation(), mlp.dropout(), mlp.residual());
    } else if (architecture instanceof Architecture.Cnn1d cnn) {
      builder.cnn1d(cnn);
    } else if (architecture instanceof Architecture.Cnn2d cnn) {
      builder.cnn2d(cnn);
    }
    return builder.build(definition.classes().size());
  }

  private static final class Builder {
    private final String pointer;
    private final List<Integer> shape;
    private final List<Layer> layers = new ArrayList<>();
    private int width;

    Builder(String pointer, ModelDefinition definition) {
      this.pointer = pointer;
      this.shape = definition.inputShape();
      this.width = definition.columns();
    }

    void cnn1d(Architecture.Cnn1d cnn) {
      if (shape.size() > 2) {
        throw refused(
            "cnn1d reads rows of shape [length] or [channels, length], but they have shape "
                + shape
                + "; use cnn2d or set dataset.shape.");
      }
      if (cnn.kernels().size() != cnn.channels().size()) {
        throw refused(
            "cnn1d has %d channels but %d kernels; give one kernel a convolution, or none."
                .formatted(cnn.channels().size(), cnn.kernels().size()));
      }
      int channels = shape.size() == 2 ? shape.get(0) : 1;
      int length = shape.get(shape.size() - 1);
      for (int i = 0; i < cnn.channels().size(); i++) {
        Layer.Convolution layer =
            new Layer.Convolution(
                channels,
                cnn.channels().get(i),
                1,
                length,
                1,
                cnn.kernels().get(i),
                1,
                cnn.stride(),
                cnn.activation());
        add(layer);
        channels = layer.outChannels();
        length = layer.outWidth();
      }
      dropout(cnn.dropout());
    }

    void cnn2d(Architecture.Cnn2d cnn) {
      if (shape.size() != 3) {
        throw refused(
            "cnn2d reads images of shape [channels, height, width], but rows have shape "
                + shape
                + "; set dataset.shape, as [1, 28, 28].");
      }
      int channels = shape.get(0);
      int height = shape.get(1);
      int side = shape.get(2);
      for (int out : cnn.channels()) {
        add(
            new Layer.Convolution(
                channels, out, height, side, cnn.kernel(), cnn.kernel(), 1, 1, cnn.activation()));
        channels = out;
        if (cnn.pool() > 1) {
          Layer.MaxPool pool = new Layer.MaxPool(channels, height, side, cnn.pool());
          if (pool.outHeight() < 1 || pool.outWidth() < 1) {
            throw refused(
                "pooling by %d leaves nothing of images of %d x %d; use fewer convolutions or a smaller pool."
                    .formatted(cnn.pool(), height, side));
          }
          add(pool);
          height = pool.outHeight();
          side = pool.outWidth();
        }
      }
      linears(cnn.hidden(), cnn.activation(), cnn.dropout(), false);
    }

    void linears(List<Integer> widths, Activation activation, double rate, boolean residual) {
      for (int out : widths) {
        add(new Layer.Linear(width, out, activation, residual && width == out));
        dropout(rate);
      }
    }

    LayerPlan build(int classes) {
      add(new Layer.Linear(width, classes, null, false));
      LayerPlan plan = new LayerPlan(List.copyOf(layers));
      long parameters = plan.layers.stream().mapToLong(NetworkSize::parameters).sum();
      if (parameters > MAX_PARAMETERS) {
        throw refused(
            "the network would have %,d parameters; at most %,d are allowed."
                .formatted(parameters, MAX_PARAMETERS));
      }
      return plan;
    }

    private void dropout(double rate) {
      if (rate > 0) {
        add(new Layer.Dropout(width, rate));
      }
    }

    private void add(Layer layer) {
      long outputs =
          layer instanceof Layer.Convolution c
              ? (long) c.outChannels() * c.outHeight() * c.outWidth()
              : layer.outputs();
      if (outputs > MAX_ACTIVATIONS) {
        throw refused(
            "a layer would give %,d numbers a row; at most %,d are allowed."
                .formatted(outputs, MAX_ACTIVATIONS));
      }
      layers.add(layer);
      width = layer.outputs();
    }

    private TrainingException refused(String message) {
      return TrainingException.doesNotFit(pointer, "The architecture does not fit: " + message);
    }
  }
}
