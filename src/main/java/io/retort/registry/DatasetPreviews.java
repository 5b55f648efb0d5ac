package io.retort.registry;

import io.retort.spec.DatasetSpec;

/** Looks into a dataset without preparing it. */
@FunctionalInterface
public interface DatasetPreviews {

  /**
   * Reads the first rows as a job would.
   *
   * @param rows how many of the first rows to show
   * @return schema, classes and first rows; a record or map that Jackson writes
   * @throws io.retort.spec.RetortException where it cannot be read
   */
  Object preview(DatasetSpec dataset, int rows);
}
