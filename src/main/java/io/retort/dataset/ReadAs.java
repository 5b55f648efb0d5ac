package io.retort.dataset;

import io.retort.spec.DataFormat;
import io.retort.spec.DatasetSpec;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How a file is read.
 *
 * @param label the label's column; null for rows of numbers that have no labels
 * @param features the feature columns in order; null for every column but the label
 * @param labels URI of a file of labels
 */
record ReadAs(
    DataFormat format,
    @Nullable String label,
    @Nullable List<String> features,
    @Nullable String labels) {

  /** Numbers alone, as soft targets are. */
  static final ReadAs NUMBERS = new ReadAs(DataFormat.AUTO, null, null, null);

  static ReadAs of(DatasetSpec spec) {
    return new ReadAs(spec.format(), spec.label(), spec.features(), spec.labels());
  }
}
