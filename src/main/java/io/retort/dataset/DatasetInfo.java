package io.retort.dataset;

import io.retort.spec.DataFormat;
import java.util.List;

/**
 * What a dataset turned out to hold.
 *
 * @param fingerprint SHA-256 (hex) of the rows and labels as stored
 * @param format what the file was read as; never {@code AUTO}
 * @param rows rows over all parts
 * @param features column names in order; {@code x0..} where the format has none
 * @param shape shape of one row, channels first; its product is {@code features.size()}
 * @param classes class names in index order
 * @param classCounts rows of each class over all parts
 */
public record DatasetInfo(
    String fingerprint,
    DataFormat format,
    int rows,
    List<String> features,
    List<Integer> shape,
    List<String> classes,
    List<Integer> classCounts) {

  public DatasetInfo {
    features = List.copyOf(features);
    shape = List.copyOf(shape);
    classes = List.copyOf(classes);
    classCounts = List.copyOf(classCounts);
  }
}
