package io.retort.training;

import io.retort.plan.CapturedPlan;
import io.retort.plan.GraphCut;
import io.retort.plan.HostMemory;
import io.retort.plan.NativeMemory;
import io.retort.teacher.SoftTargets;
import java.nio.FloatBuffer;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * What was computed once of every row of a teacher's taps, in memory.
 *
 * @param size rows
 * @param width numbers of each
 * @param values row by row
 */
record TeacherRows(int size, int width, FloatBuffer values) implements SoftTargets {

  /** Most bytes that are kept in memory; taps are read from their files instead of more. */
  static final long MOST_BYTES = 64L << 20;

  /** Bytes that the first part of a cut takes for so many rows. */
  static long bytes(GraphCut cut, Set<String> taps, int batch, int rows) {
    long numbers = 0;
    for (String variable : computed(cut, taps)) {
      numbers += cut.length(variable) / batch * rows;
    }
    return numbers * Float.BYTES;
  }

  private static Set<String> computed(GraphCut cut, Set<String> taps) {
    Set<String> computed = new HashSet<>(cut.rows());
    computed.removeAll(taps);
    return computed;
  }

  /**
   * Computes the first part of a cut for all rows, as many at a time as a batch has.
   *
   * @param network of the batch size of the cut's shapes
   * @param taps by variable
   * @param memory takes what is kept
   * @return all of {@link GraphCut#rows}, by variable
   */
  static Map<String, SoftTargets> of(
      TermNetwork network,
      GraphCut cut,
      Map<String, SoftTargets> taps,
      int rows,
      NativeMemory memory) {
    Map<String, SoftTargets> all = new HashMap<>(taps);
    Set<String> computed = computed(cut, taps.keySet());
    if (computed.isEmpty()) {
      return all;
    }
    int batch = network.graph().batch();
    for (String variable : computed) {
      int width = Math.toIntExact(cut.length(variable) / batch);
      INDArray kept = memory.array(DataType.FLOAT, rows, width);
      all.put(variable, new TeacherRows(rows, width, kept.data().asNioFloat()));
    }
    try (NativeMemory scratch = new NativeMemory()) {
      Map<String, INDArray> arrays = new HashMap<>();
      taps.keySet().forEach(tap -> arrays.put(tap, scratch.array(DataType.FLOAT, cut.shape(tap))));
      computed.forEach(v -> arrays.put(v, scratch.array(DataType.FLOAT, cut.shape(v))));
      CapturedPlan plan = scratch.own(network.capture(arrays, taps.keySet(), computed, true));
      int[] positions = new int[batch];
      for (int from = 0; from < rows; from += batch) {
        for (int i = 0; i < batch; i++) {
          positions[i] = Math.min(from + i, rows - 1);
        }
        taps.forEach(
            (tap, values) -> {
              INDArray array = Objects.requireNonNull(arrays.get(tap));
              values.gather(positions, 0, batch, array.data().asNioFloat());
              HostMemory.isWritten(array);
            });
        plan.replay(0);
        for (String variable : computed) {
          TeacherRows into = (TeacherRows) Objects.requireNonNull(all.get(variable));
          into.put(from, batch, Objects.requireNonNull(arrays.get(variable)));
        }
      }
    }
    return all;
  }

  private void put(int from, int batch, INDArray computed) {
    int count = Math.min(batch, size - from) * width;
    values.put(from * width, computed.data().asNioFloat(), 0, count);
  }

  @Override
  public void gather(int[] positions, int from, int count, FloatBuffer into) {
    for (int i = 0; i < count; i++) {
      into.put(i * width, values, positions[from + i] * width, width);
    }
  }

  /** The memory is its owner's. */
  @Override
  public void close() {}
}
