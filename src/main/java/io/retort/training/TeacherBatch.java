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
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * What a step's terms read of the teacher, computed from what the rows of its batch give: the part
 * of the terms' graph behind {@link GraphCut#rows} and before {@link GraphCut#inputs}, captured for
 * one batch size.
 */
final class TeacherBatch implements AutoCloseable {

  private final NativeMemory memory = new NativeMemory();
  private final Map<String, INDArray> arrays = new HashMap<>();
  private final Map<String, FloatBuffer> buffers = new HashMap<>();
  private final Set<String> rows;
  private final int batch;

  /** Null where nothing is left to compute. */
  private final @Nullable CapturedPlan plan;

  /**
   * @param network stays the caller's, and open as long as this
   * @param rewrite whether in few passes, where that can be
   */
  TeacherBatch(TermNetwork network, GraphCut cut, boolean rewrite) {
    this.rows = cut.rows();
    this.batch = network.graph().batch();
    Set<String> all = new HashSet<>(cut.rows());
    all.addAll(cut.inputs());
    try {
      for (String variable : all) {
        INDArray array = memory.array(network.graph().type(), cut.shape(variable));
        arrays.put(variable, array);
      }
      Set<String> computed = new HashSet<>(cut.inputs());
      computed.removeAll(rows);
      plan = computed.isEmpty() ? null : memory.own(capture(network, computed, rewrite));
    } catch (RuntimeException | Error e) {
      memory.close();
      throw e;
    }
  }

  private CapturedPlan capture(TermNetwork network, Set<String> computed, boolean rewrite) {
    return network.capture(arrays, rows, computed, rewrite);
  }

  /** What the batch's rows give, or what the step reads. */
  INDArray array(String variable) {
    return Objects.requireNonNull(arrays.get(variable), variable);
  }

  /** The same as memory; FLOAT only. */
  FloatBuffer buffer(String variable) {
    return buffers.computeIfAbsent(variable, name -> array(name).data().asNioFloat());
  }

  /**
   * Reads what the batch's rows give and computes what the step reads.
   *
   * @param values by variable of {@link GraphCut#rows}
   * @param order positions of rows; the batch's begin at {@code from}
   */
  void compute(Map<String, SoftTargets> values, int[] order, int from) {
    for (String variable : rows) {
      Objects.requireNonNull(values.get(variable), variable)
          .gather(order, from, batch, buffer(variable));
      HostMemory.isWritten(array(variable));
    }
    run();
  }

  /** Computes what the step reads from what the arrays hold. */
  void run() {
    if (plan != null) {
      plan.replay(0);
    }
  }

  @Override
  public void close() {
    memory.close();
  }
}
