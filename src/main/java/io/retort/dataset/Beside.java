package io.retort.dataset;

import io.retort.spec.Cancellation;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/** Reads files that have a row for each row of a dataset, and checks that they do. */
final class Beside {

  private final Ingest ingest;
  private final Cancellation cancellation;
  private final List<GivenRows.File> files = new ArrayList<>();
  private int columns;

  Beside(Ingest ingest, Cancellation cancellation) {
    this.ingest = ingest;
    this.cancellation = cancellation;
  }

  /**
   * @param dataset the rows it belongs to
   * @param pointer of the URI's field
   * @throws DatasetException where it has another number of rows, or of columns than the first
   */
  RowStore read(String uri, RowStore dataset, String pointer) {
    RowStore store = ingest.numbers(uri, pointer, cancellation);
    int rows = store.schema().rows();
    int wanted = dataset.schema().rows();
    if (rows != wanted) {
      throw DatasetException.of(
          "row_count_mismatch",
          pointer,
          ("The file has %,d rows, but the rows that it belongs to are %,d: it needs one for each,"
                  + " in the same order.")
              .formatted(rows, wanted));
    }
    if (!files.isEmpty() && store.columns() != columns) {
      throw DatasetException.of(
          "columns_differ",
          pointer,
          "The file has %,d columns, but the one of the training rows has %,d."
              .formatted(store.columns(), columns));
    }
    columns = store.columns();
    files.add(new GivenRows.File(uri, store.schema().fingerprint(), rows));
    return store;
  }

  /** All rows of a file. */
  Split rows(String uri, RowStore dataset, String pointer) {
    RowStore store = read(uri, dataset, pointer);
    return rows(store, IntStream.range(0, store.schema().rows()).toArray());
  }

  Split rows(RowStore store, int[] rows) {
    return new StoredSplit(store, rows, new int[] {0});
  }

  List<GivenRows.File> files() {
    return files;
  }
}
