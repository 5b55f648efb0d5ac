package io.retort.training;

import io.retort.plan.NativeMemory;
import io.retort.teacher.SoftTargets;
import java.nio.FloatBuffer;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.api.buffer.DataType;

/**
 * Computes what terms read of the teacher ahead of the steps that read it, on a thread of its own:
 * while the batches of one group are trained on, those of the next are computed.
 */
final class TeacherFeed implements AutoCloseable {

  /** Batches of a group: handing one over takes some microseconds. */
  private static final int MOST_BATCHES = 8;

  private static final long MOST_BYTES = 4 << 20;

  private final NativeMemory memory = new NativeMemory();
  private final Map<Integer, TeacherBatch> batches;
  private final Map<String, SoftTargets> rows;
  private final Map<String, Integer> lengths;
  private final int batchSize;
  private final int mostBatches;
  private final Ahead<Group> ahead;

  private int[] order = new int[0];
  private int next;

  /** The first group of an epoch is waited for, so it is small. */
  private int size;

  private @Nullable Group current;
  private int at;

  /**
   * @param batches by their rows; a last batch that is shorter and not among them is left out
   * @param rows what they read, by variable
   * @param lengths of what steps read, by variable, in numbers of a full batch
   */
  TeacherFeed(
      Map<Integer, TeacherBatch> batches,
      Map<String, SoftTargets> rows,
      Map<String, Integer> lengths,
      int batchSize) {
    this.batches = batches;
    this.rows = rows;
    this.lengths = lengths;
    this.batchSize = batchSize;
    long bytes = lengths.values().stream().mapToLong(n -> (long) n * Float.BYTES).sum();
    this.mostBatches = (int) Math.max(1, Math.min(MOST_BATCHES, MOST_BYTES / bytes));
    this.ahead = memory.own(new Ahead<>("teacher", new Group(), new Group()));
  }

  /** Some consecutive batches. */
  private final class Group {
    final Map<String, FloatBuffer> values = new HashMap<>();
    int size;

    Group() {
      lengths.forEach(
          (variable, length) ->
              values.put(
                  variable, memory.array(DataType.FLOAT, mostBatches, length).data().asNioFloat()));
    }

    void fill(int[] order, int from, int count) {
      ComputeThreads.useOne();
      size = 0;
      for (int i = 0; i < count; i++) {
        int first = from + i * batchSize;
        TeacherBatch batch = batches.get(Math.min(batchSize, order.length - first));
        if (batch != null) {
          batch.compute(rows, order, first);
          size++;
          keep(batch, i);
        }
      }
    }

    private void keep(TeacherBatch batch, int place) {
      values.forEach(
          (variable, into) -> {
            FloatBuffer found = batch.buffer(variable);
            into.put(place * length(variable), found, 0, found.capacity());
          });
    }
  }

  private int length(String variable) {
    return Objects.requireNonNull(lengths.get(variable), variable);
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
    next = batch * batchSize;
    size = 1;
    current = null;
    at = 0;
    fill();
  }

  private void fill() {
    int left = (order.length - next + batchSize - 1) / batchSize;
    if (left > 0) {
      int[] positions = order;
      int from = next;
      int count = Math.min(size, left);
      ahead.fill(group -> group.fill(positions, from, count));
      next += count * batchSize;
      size = Math.min(mostBatches, 2 * size);
    }
  }

  /** Copies what the step of the next batch reads. */
  void next(Map<String, FloatBuffer> into) {
    if (current == null || at == current.size) {
      current = Objects.requireNonNull(ahead.await(), "the epoch is over");
      at = 0;
      fill();
    }
    Group group = current;
    int place = at++;
    into.forEach(
        (variable, buffer) ->
            buffer.put(
                0,
                Objects.requireNonNull(group.values.get(variable)),
                place * length(variable),
                buffer.capacity()));
  }

  @Override
  public void close() {
    memory.close();
  }
}
