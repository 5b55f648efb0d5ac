package io.retort.training.term;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.nd4j.autodiff.samediff.SDVariable;

/**
 * A tensor of student or teacher in the shapes that terms want it in. A plain vector counts as a
 * map of one position.
 */
public final class Feature {

  private final TermGraph graph;
  private final int channels;
  private final int height;
  private final int width;
  private final SDVariable values;
  private final boolean channelsLast;

  /** Made once, as it moves every number. */
  private @Nullable SDVariable pixels;

  private Feature(TermGraph graph, SDVariable values, List<Integer> shape, boolean channelsLast) {
    this.graph = graph;
    this.values = values;
    this.channels = shape.get(0);
    this.height = shape.size() == 3 ? shape.get(1) : 1;
    this.width = shape.size() == 3 ? shape.get(2) : 1;
    this.channelsLast = channelsLast;
  }

  /**
   * @param values [batch, height, width, channels] or [batch, channels]
   * @param shape channels first, of one row
   */
  public static Feature channelsLast(TermGraph graph, SDVariable values, List<Integer> shape) {
    return new Feature(graph, values, shape, true);
  }

  /** Likewise, with the numbers of each row in the order of {@code shape}. */
  public static Feature channelsFirst(TermGraph graph, SDVariable values, List<Integer> shape) {
    return new Feature(graph, values, shape, false);
  }

  int channels() {
    return channels;
  }

  int height() {
    return height;
  }

  int width() {
    return width;
  }

  int positions() {
    return height * width;
  }

  int size() {
    return channels * positions();
  }

  boolean isMap() {
    return positions() > 1;
  }

  /** [batch, channels, positions]. */
  SDVariable maps() {
    int batch = graph.batch();
    return channelsLast && isMap()
        ? graph.graph().permute(values.reshape(batch, positions(), channels), 0, 2, 1)
        : values.reshape(batch, channels, positions());
  }

  /** [batch, positions, channels]. */
  SDVariable positionsFirst() {
    return pixels().reshape(graph.batch(), positions(), channels);
  }

  /** One row for each position of each image, [batch * positions, channels]. */
  SDVariable pixels() {
    if (pixels == null) {
      int batch = graph.batch();
      SDVariable last =
          channelsLast || !isMap()
              ? values
              : graph.graph().permute(values.reshape(batch, channels, positions()), 0, 2, 1);
      pixels = last.reshape((long) batch * positions(), channels);
    }
    return pixels;
  }

  /** All numbers of a row, [batch, size]. */
  SDVariable rows() {
    return maps().reshape(graph.batch(), size());
  }

  /** Means of the channels, [batch, channels]. */
  SDVariable pooled() {
    return isMap()
        ? maps().mean(true, 2).reshape(graph.batch(), channels)
        : values.reshape(graph.batch(), channels);
  }

  /** The same averaged down to fewer positions, windows as adaptive pooling has them. */
  Feature pooledTo(int newHeight, int newWidth) {
    if (newHeight == height && newWidth == width) {
      return this;
    }
    double[][] weights = Resampling.pooling(height, width, newHeight, newWidth);
    return channelsFirst(
        graph, graph.resampled(maps(), channels, weights), List.of(channels, newHeight, newWidth));
  }

  /** All numbers as channels of one position. */
  Feature flat() {
    return isMap() ? channelsFirst(graph, rows(), List.of(size())) : this;
  }

  /** Both at the smaller of their resolutions; as plain vectors where only one of them is a map. */
  static List<Feature> alike(Feature a, Feature b) {
    if (a.isMap() != b.isMap()) {
      return List.of(a.flat(), b.flat());
    }
    int h = Math.min(a.height, b.height);
    int w = Math.min(a.width, b.width);
    return List.of(a.pooledTo(h, w), b.pooledTo(h, w));
  }
}
