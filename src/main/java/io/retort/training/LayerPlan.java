package io.retort.training;

import io.retort.model.ModelDefinition;
import io.retort.spec.Activation;
import io.retort.spec.Architecture;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

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
    } else if (architecture instanceof Architecture.Resnet resnet) {
      builder.resnet(resnet);
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
                true,
                cnn.activation());
        add(layer);
        channels = layer.outChannels();
        length = layer.outWidth();
      }
      dropout(cnn.dropout());
    }

    void cnn2d(Architecture.Cnn2d cnn) {
      requireImages("cnn2d");
      int channels = shape.get(0);
      int height = shape.get(1);
      int side = shape.get(2);
      for (int out : cnn.channels()) {
        boolean norm = cnn.batchNorm();
        boolean late = cnn.pool() > 1 && cnn.activation() != Activation.GELU;
        Activation activation = late ? null : cnn.activation();
        int kernel = cnn.kernel();
        add(
            new Layer.Convolution(
                channels,
                out,
                height,
                side,
                kernel,
                kernel,
                1,
                1,
                !norm,
                norm ? null : activation));
        if (norm) {
          add(new Layer.BatchNorm(out, height, side, activation));
        }
        channels = out;
        if (cnn.pool() > 1) {
          Layer.MaxPool pool =
              new Layer.MaxPool(channels, height, side, cnn.pool(), late ? cnn.activation() : null);
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

    void resnet(Architecture.Resnet resnet) {
      requireImages("resnet");
      int stages = resnet.widths().size();
      int blocks = (resnet.depth() - 2) / (2 * stages);
      if (blocks < 1 || resnet.depth() != 2 + 2 * stages * blocks) {
        throw refused(
            "a resnet of %d stages has a depth of 2 + %d * blocks, so %d, %d, %d ..., not %d."
                .formatted(
                    stages,
                    2 * stages,
                    2 + 2 * stages,
                    2 + 4 * stages,
                    2 + 6 * stages,
                    resnet.depth()));
      }
      ImageSize size = new ImageSize(shape.get(0), shape.get(1), shape.get(2));
      size = normalised(layers, size, resnet.widths().get(0), 3, 1, Activation.RELU);
      for (int stage = 0; stage < stages; stage++) {
        for (int block = 0; block < blocks; block++) {
          size = block(size, resnet.widths().get(stage), stage > 0 && block == 0 ? 2 : 1);
        }
      }
      add(new Layer.MeanPool(size.channels(), size.height(), size.width()));
    }

    private record ImageSize(int channels, int height, int width) {}

    private ImageSize block(ImageSize in, int channels, int stride) {
      List<Layer> body = new ArrayList<>();
      ImageSize out = normalised(body, in, channels, 3, stride, Activation.RELU);
      normalised(body, out, channels, 3, 1, null);
      List<Layer> shortcut = new ArrayList<>();
      if (!in.equals(out)) {
        normalised(shortcut, in, channels, 1, stride, null);
      }
      add(new Layer.Residual(List.copyOf(body), List.copyOf(shortcut)));
      return out;
    }

    private ImageSize normalised(
        List<Layer> into,
        ImageSize in,
        int channels,
        int kernel,
        int stride,
        @Nullable Activation activation) {
      Layer.Convolution c =
          new Layer.Convolution(
              in.channels(),
              channels,
              in.height(),
              in.width(),
              kernel,
              kernel,
              stride,
              stride,
              false,
              null);
      checkSize((long) channels * c.outHeight() * c.outWidth());
      into.add(c);
      into.add(new Layer.BatchNorm(channels, c.outHeight(), c.outWidth(), activation));
      return new ImageSize(channels, c.outHeight(), c.outWidth());
    }

    private void requireImages(String kind) {
      if (shape.size() != 3) {
        throw refused(
            kind
                + " reads images of shape [channels, height, width], but rows have shape "
                + shape
                + "; set dataset.shape, as [1, 28, 28].");
      }
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
      long parameters = Layer.leaves(plan.layers).mapToLong(NetworkSize::parameters).sum();
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
      checkSize(outputs);
      layers.add(layer);
      width = layer.outputs();
    }

    private void checkSize(long outputs) {
      if (outputs > MAX_ACTIVATIONS) {
        throw refused(
            "a layer would give %,d numbers a row; at most %,d are allowed."
                .formatted(outputs, MAX_ACTIVATIONS));
      }
    }

    private TrainingException refused(String message) {
      return TrainingException.doesNotFit(pointer, "The architecture does not fit: " + message);
    }
  }
}
