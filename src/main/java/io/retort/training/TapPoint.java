package io.retort.training;

import io.retort.model.ModelDefinition;
import io.retort.teacher.Tap;
import java.util.ArrayList;
import java.util.List;

/**
 * Where a tensor of a network can be read: behind a layer or, for those that end in an activation,
 * before it. {@code conv1}, {@code block1} and {@code hidden1} are the first stage of their kind
 * with its pooling and normalisation; {@code conv1.pre} is the same before the activation; {@code
 * pooled} are channels averaged over all positions; {@code penultimate} is what the last layer
 * reads, without dropout.
 *
 * @param layer index of the stage's last layer; for {@link Place#PENULTIMATE} the network's last
 */
record TapPoint(Tap tap, int layer, Place place) {

  static final String PENULTIMATE = "penultimate";

  enum Place {
    AFTER_ACTIVATION,
    BEFORE_ACTIVATION,
    PENULTIMATE
  }

  /** Those of these names, in their order. */
  static List<TapPoint> of(ModelDefinition definition, List<String> names) {
    List<TapPoint> all = of(LayerPlan.of(definition, ""));
    return names.stream().map(name -> named(all, name)).toList();
  }

  private static TapPoint named(List<TapPoint> points, String name) {
    return points.stream()
        .filter(point -> point.tap().name().equals(name))
        .findFirst()
        .orElseThrow(() -> new IllegalArgumentException("no tap " + name));
  }

  boolean isImage() {
    return tap.shape().size() > 1;
  }

  /** Shape of a batch in the graph, where images are channels last. */
  long[] batchShape(int batch) {
    return channelsLast(batch, tap.shape());
  }

  /**
   * @param shape of one row, channels first
   */
  static long[] channelsLast(int batch, List<Integer> shape) {
    return shape.size() > 1
        ? new long[] {batch, shape.get(1), shape.get(2), shape.get(0)}
        : new long[] {batch, shape.get(0)};
  }

  /** All of a network's, in the order of the layers; none where the only layer gives the logits. */
  static List<TapPoint> of(LayerPlan plan) {
    List<Layer> layers = plan.layers();
    List<TapPoint> points = new ArrayList<>();
    int convolutions = 0;
    int blocks = 0;
    int hidden = 0;
    int last = layers.size() - 1;
    for (int i = 0; i < last; i++) {
      Layer layer = layers.get(i);
      if (layer instanceof Layer.Convolution) {
        i = endOfStage(layers, i);
        stage(points, "conv" + ++convolutions, i, layers.get(i));
      } else if (layer instanceof Layer.Residual) {
        stage(points, "block" + ++blocks, i, layer);
      } else if (layer instanceof Layer.MeanPool) {
        stage(points, "pooled", i, layer);
      } else if (layer instanceof Layer.Linear) {
        stage(points, "hidden" + ++hidden, i, layer);
      }
    }
    if (last > 0) {
      int width = ((Layer.Linear) layers.get(last)).inputs();
      points.add(new TapPoint(new Tap(PENULTIMATE, List.of(width)), last, Place.PENULTIMATE));
    }
    return List.copyOf(points);
  }

  private static int endOfStage(List<Layer> layers, int convolution) {
    int end = convolution;
    while (layers.get(end + 1) instanceof Layer.BatchNorm
        || layers.get(end + 1) instanceof Layer.MaxPool) {
      end++;
    }
    return end;
  }

  private static void stage(List<TapPoint> points, String name, int index, Layer layer) {
    List<Integer> shape = shape(layer);
    if (endsInActivation(layer)) {
      points.add(new TapPoint(new Tap(name + ".pre", shape), index, Place.BEFORE_ACTIVATION));
    }
    points.add(new TapPoint(new Tap(name, shape), index, Place.AFTER_ACTIVATION));
  }

  private static boolean endsInActivation(Layer layer) {
    return layer instanceof Layer.Residual
        || (layer instanceof Layer.Convolution c && c.activation() != null)
        || (layer instanceof Layer.BatchNorm n && n.activation() != null)
        || (layer instanceof Layer.MaxPool p && p.activation() != null)
        || (layer instanceof Layer.Linear l && l.activation() != null);
  }

  private static List<Integer> shape(Layer layer) {
    if (layer instanceof Layer.Convolution c) {
      return List.of(c.outChannels(), c.outHeight(), c.outWidth());
    }
    if (layer instanceof Layer.BatchNorm n) {
      return List.of(n.channels(), n.height(), n.width());
    }
    if (layer instanceof Layer.MaxPool p) {
      return List.of(p.channels(), p.outHeight(), p.outWidth());
    }
    if (layer instanceof Layer.Residual r) {
      return shape(r.body().get(r.body().size() - 1));
    }
    return List.of(layer.outputs());
  }
}
