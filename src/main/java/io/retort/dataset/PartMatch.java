package io.retort.dataset;

import java.util.List;
import java.util.stream.IntStream;

/** Fits a part that has a source of its own to the dataset it belongs to. */
final class PartMatch {

  private PartMatch() {}

  /**
   * All rows of a store, with the dataset's class codes.
   *
   * @throws DatasetException where columns differ or a label is unknown to the training data
   */
  static Split whole(RowStore part, StoredSchema dataset, String pointer) {
    List<String> columns = part.schema().features();
    if (!columns.equals(dataset.features())) {
      throw DatasetException.of(
          "columns_differ",
          pointer + "/uri",
          "The part's columns are not the dataset's: %s against %s. Name them in dataset.features."
              .formatted(Shorten.names(columns), Shorten.names(dataset.features())));
    }
    int[] classes = part.schema().classes().stream().mapToInt(dataset.classes()::indexOf).toArray();
    for (int c = 0; c < classes.length; c++) {
      if (classes[c] < 0) {
        throw DatasetException.of(
            "unknown_label",
            pointer + "/uri",
            "The part has the label %s, which the training data does not know (%s)."
                .formatted(
                    Shorten.text(part.schema().classes().get(c)),
                    Shorten.names(dataset.classes())));
      }
    }
    return new StoredSplit(part, IntStream.range(0, part.schema().rows()).toArray(), classes);
  }
}
