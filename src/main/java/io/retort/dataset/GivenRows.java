package io.retort.dataset;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Numbers that belong to the rows of a dataset, in the same parts.
 *
 * @param columns names; {@code x0..} where the file has none
 * @param test null where the test part has a file of its own, and nothing was given for it
 * @param files that they came from; none where the dataset itself holds them
 */
public record GivenRows(
    List<String> columns, Split train, Split validation, @Nullable Split test, List<File> files) {

  public GivenRows {
    columns = List.copyOf(columns);
    files = List.copyOf(files);
  }

  /** Columns of the dataset itself. */
  public static GivenRows of(PreparedDataset columns) {
    return new GivenRows(
        columns.info().features(),
        columns.train(),
        columns.validation(),
        columns.test(),
        List.of());
  }

  /**
   * A file that has one row for each of the dataset's.
   *
   * @param fingerprint SHA-256 (hex) of the rows as stored
   */
  public record File(String uri, String fingerprint, int rows) {}
}
