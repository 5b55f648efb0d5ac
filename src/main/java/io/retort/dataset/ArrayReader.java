package io.retort.dataset;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** Rows from two binary arrays: features along the first axis, and one label for each. */
final class ArrayReader implements RowReader {

  private final BinaryArray features;
  private final @Nullable BinaryArray labels;
  private final List<Integer> shape;
  private final ByteBuffer row;
  private final ByteBuffer labelBytes;

  /**
   * Takes both arrays over, to close them.
   *
   * @param labels null for rows without
   */
  ArrayReader(
      BinaryArray features, @Nullable BinaryArray labels, Location location, int maxColumns) {
    this.features = features;
    this.labels = labels;
    long width = features.header().width();
    if (features.header().shape().length < 2) {
      throw location.problem(
          "bad_shape", "The features have one dimension; rows and columns are needed.");
    }
    if (width > maxColumns) {
      throw location.problem(
          "too_many_columns",
          "A row has %,d numbers; at most %,d are allowed.".formatted(width, maxColumns));
    }
    if (labels != null) {
      checkLabels(labels, location);
    }
    this.shape =
        naturalShape(
            Arrays.stream(features.header().shape()).skip(1).mapToObj(d -> (int) d).toList());
    this.row = features.buffer((int) width);
    this.labelBytes = labels == null ? ByteBuffer.allocate(0) : labels.buffer(1);
  }

  private void checkLabels(BinaryArray labels, Location location) {
    long[] labelShape = labels.header().shape();
    if (labels.header().width() != 1) {
      throw DatasetException.of(
          "bad_shape",
          "/dataset/labels",
          "The labels have shape %s; one number a row is needed."
              .formatted(Arrays.toString(labelShape)));
    }
    long rows = features.header().shape()[0];
    if (labelShape[0] != rows) {
      throw location.problem(
          "length_mismatch",
          "There are %,d rows of features, but %,d labels.".formatted(rows, labelShape[0]));
    }
  }

  /**
   * Images of two dimensions get one channel; four and more are kept flat.
   *
   * @param row lengths of a row's dimensions
   */
  static List<Integer> naturalShape(List<Integer> row) {
    if (row.size() == 2) {
      return List.of(1, row.get(0), row.get(1));
    }
    return row.size() <= 3 ? row : List.of(row.stream().reduce(1, Math::multiplyExact));
  }

  @Override
  public List<String> features() {
    return IntStream.range(0, (int) features.header().width()).mapToObj(i -> "x" + i).toList();
  }

  @Override
  public List<Integer> shape() {
    return shape;
  }

  @Override
  public boolean next(float[] into) throws IOException {
    if (!features.read(row) || (labels != null && !labels.read(labelBytes))) {
      return false;
    }
    for (int i = 0; i < into.length; i++) {
      into[i] = (float) features.number(row, i);
    }
    return true;
  }

  @Override
  public boolean labelled() {
    return labels != null;
  }

  @Override
  public String label() {
    if (labels == null) {
      return "-";
    }
    double label = labels.number(labelBytes, 0);
    return label == Math.rint(label) && Math.abs(label) < 1e15
        ? Long.toString((long) label)
        : Double.toString(label);
  }

  @Override
  public void close() {
    features.close();
    if (labels != null) {
      labels.close();
    }
  }
}
