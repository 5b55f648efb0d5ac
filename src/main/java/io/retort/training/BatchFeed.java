package io.retort.training;

import io.retort.dataset.Split;
import io.retort.teacher.SoftTargets;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import org.jspecify.annotations.Nullable;

/**
 * Gathers the rows of an epoch ahead of the training that reads them, on a thread of its own: while
 * one chunk of batches is trained on, the next one is read from the memory-mapped store. A chunk
 * holds several small batches, so that handing one over costs little.
 */
final class BatchFeed implements AutoCloseable {

  private static final int CHUNK_BYTES = 1 << 20;

  private final Split rows;
  private final @Nullable SoftTargets targets;
  private final int batchSize;
  private final int chunkSize;
  private final Ahead<Chunk> ahead;

  private int[] order = new int[0];
  private int next;
  private Chunk current;

  /** Rows of {@link #current} that may be read: none before it was awaited. */
  private int ready;

  private int at;
  private int count;

  /**
   * @param targets null where there is no teacher
   */
  BatchFeed(Split rows, @Nullable SoftTargets targets, int batchSize) {
    this.rows = rows;
    this.targets = targets;
    this.batchSize = batchSize;
    long batchBytes = (long) batchSize * rows.columns() * Float.BYTES;
    long batches = Math.max(1, Math.min(CHUNK_BYTES / batchBytes, rows.size() / batchSize));
    this.chunkSize = Math.toIntExact(batches * batchSize);
    this.current = new Chunk(chunkSize);
    this.ahead = new Ahead<>("feed", current, new Chunk(chunkSize));
  }

  /** Some consecutive rows of an epoch's order. */
  private final class Chunk {
    final FloatBuffer features;
    final FloatBuffer logits;
    final int[] labels;
    int size;

    Chunk(int size) {
      features = direct(size * rows.columns());
      logits = direct(targets == null ? 0 : size * targets.width());
      labels = new int[size];
    }

    void fill(int[] order, int from) {
      size = Math.min(labels.length, order.length - from);
      rows.gather(order, from, size, features);
      if (targets != null) {
        targets.gather(order, from, size, logits);
      }
      for (int i = 0; i < size; i++) {
        labels[i] = rows.label(order[from + i]);
      }
    }
  }

  private static FloatBuffer direct(int floats) {
    return ByteBuffer.allocateDirect(Math.multiplyExact(floats, Float.BYTES))
        .order(ByteOrder.nativeOrder())
        .asFloatBuffer();
  }

  /**
   * Begins an epoch.
   *
   * @param order positions of all its rows; not changed before the epoch is over
   * @param batch the first one wanted, from 0
   */
  void begin(int[] order, int batch) {
    ahead.await();
    this.order = order;
    next = Math.min(order.length, batch * batchSize);
    ready = 0;
    at = 0;
    count = 0;
    gather();
  }

  private void gather() {
    if (next < order.length) {
      int from = next;
      int[] positions = order;
      next = Math.min(order.length, from + chunkSize);
      ahead.fill(chunk -> chunk.fill(positions, from));
    }
  }

  /**
   * Moves on to the next batch.
   *
   * @return its rows; 0 when the epoch is over
   */
  int advance() {
    at += count;
    if (at >= ready) {
      Chunk gathered = ahead.await();
      if (gathered == null) {
        ready = 0;
        at = 0;
        count = 0;
        return 0;
      }
      current = gathered;
      ready = gathered.size;
      at = 0;
      gather();
    }
    count = Math.min(batchSize, ready - at);
    return count;
  }

  /** Copies the batch's features, [rows, columns]. */
  void features(FloatBuffer into) {
    into.put(0, current.features, at * rows.columns(), count * rows.columns());
  }

  /** Reads the batch's soft targets, [rows, classes]; only where there is a teacher. */
  double[] logits(LogitBatch into, int classes) {
    return into.read(current.logits, at * classes, count * classes);
  }

  void labels(int[] into) {
    System.arraycopy(current.labels, at, into, 0, count);
  }

  @Override
  public void close() {
    ahead.close();
  }
}
