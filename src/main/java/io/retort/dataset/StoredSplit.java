package io.retort.dataset;

import java.nio.FloatBuffer;

/**
 * Some rows of a store.
 *
 * @param rows which ones, in order
 * @param classes the store's class codes to the dataset's; they differ where a part has a source of
 *     its own
 */
record StoredSplit(RowStore store, int[] rows, int[] classes) implements Split {

  @Override
  public int size() {
    return rows.length;
  }

  @Override
  public int columns() {
    return store.columns();
  }

  @Override
  public void gather(int[] positions, int from, int count, FloatBuffer into) {
    int columns = store.columns();
    for (int i = 0; i < count; i++) {
      store.read(rows[positions[from + i]], into, i * columns);
    }
  }

  @Override
  public int row(int position) {
    return rows[position] + 1;
  }

  @Override
  public int label(int position) {
    return classes[store.label(rows[position])];
  }
}
