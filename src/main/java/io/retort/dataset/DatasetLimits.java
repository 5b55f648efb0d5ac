package io.retort.dataset;

/**
 * What a dataset may be at most.
 *
 * @param maxBytes of a file, as fetched and again as unpacked
 * @param maxRows of one file
 * @param maxColumns features of a row
 * @param maxClasses different labels
 */
public record DatasetLimits(long maxBytes, long maxRows, int maxColumns, int maxClasses) {

  public static final DatasetLimits DEFAULT =
      new DatasetLimits(16L << 30, 200_000_000, 100_000, 10_000);

  public DatasetLimits {
    if (maxBytes < 1 || maxRows < 1 || maxColumns < 1 || maxClasses < 2) {
      throw new IllegalArgumentException("limits must be positive, maxClasses at least 2");
    }
  }
}
