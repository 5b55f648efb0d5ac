package io.retort.dataset;

import java.util.List;

/**
 * A first look at a dataset.
 *
 * @param rows the first rows, features in the order of {@code info.features()}
 * @param labels their labels
 */
public record DatasetPreview(DatasetInfo info, List<List<Float>> rows, List<String> labels) {

  public DatasetPreview {
    rows = List.copyOf(rows);
    labels = List.copyOf(labels);
  }
}
