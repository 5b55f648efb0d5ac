package io.retort.training;

import io.retort.plan.GraphCut;
import io.retort.plan.NativeMemory;
import io.retort.teacher.SoftTargets;
import java.nio.FloatBuffer;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * What terms read of the teacher, over a training. What follows from its taps alone is not computed
 * by the steps: what each row gives is computed once for all rows, and what is left for each batch
 * by a thread ahead of them.
 */
final class TeacherPart implements AutoCloseable {

  private final NativeMemory memory = new NativeMemory();
  private final Map<String, SoftTargets> taps;
  private final int size;

  /** By rows of a batch. */
  private final Map<Integer, TeacherBatch> batches = new HashMap<>();

  private final Map<Integer, Map<String, FloatBuffer>> inputs = new HashMap<>();

  /** Of the first batch size, which is the largest; the others are cut at the same variables. */
  private @Nullable GraphCut cut;

  /** What batches are computed from, by variable. */
  private Map<String, SoftTargets> rows = Map.of();

  private boolean ahead;
  private @Nullable TeacherFeed feed;
  private int batchSize;

  /**
   * @param taps by the graph's variable
   * @param size rows that are trained on
   */
  TeacherPart(Map<String, SoftTargets> taps, int size) {
    this.taps = taps;
    this.size = size;
  }

  /**
   * Prepares for batches of a size, the largest first.
   *
   * @param network open as long as this
   * @return what its step reads, by variable
   */
  Map<String, INDArray> attach(TermNetwork network) {
    GraphCut here = cut(network);
    TeacherBatch batch = memory.own(new TeacherBatch(network, here, true));
    int count = network.graph().batch();
    batches.put(count, batch);
    Map<String, INDArray> arrays = new HashMap<>();
    Map<String, FloatBuffer> buffers = new HashMap<>();
    for (String variable : here.inputs()) {
      INDArray array =
          ahead
              ? memory.array(network.graph().type(), here.shape(variable))
              : batch.array(variable);
      arrays.put(variable, array);
      buffers.put(variable, array.data().asNioFloat());
    }
    inputs.put(count, buffers);
    return arrays;
  }

  private GraphCut cut(TermNetwork network) {
    if (!ComputeBackend.rewrites(network.graph().type())) {
      rows = taps;
      return network.uncut();
    }
    GraphCut here = network.cut();
    int batch = network.graph().batch();
    GraphCut first = cut;
    if (first != null) {
      return new GraphCut(first.rows(), first.inputs(), here.shapes());
    }
    if (TeacherRows.bytes(here, taps.keySet(), batch, size) > TeacherRows.MOST_BYTES) {
      here = here.withoutRows(taps.keySet());
    }
    cut = here;
    batchSize = batch;
    rows = TeacherRows.of(network, here, taps, size, memory);
    ahead = here.hasBatchPart() && ComputeThreads.leaveAnother();
    return here;
  }

  /**
   * Begins an epoch.
   *
   * @param order positions of all its rows; not changed before the epoch is over
   * @param batch the first one wanted, from 0
   */
  void begin(int[] order, int batch) {
    if (!ahead) {
      return;
    }
    if (feed == null) {
      GraphCut known = Objects.requireNonNull(cut);
      Map<String, Integer> lengths = new HashMap<>();
      known.inputs().forEach(v -> lengths.put(v, Math.toIntExact(known.length(v))));
      feed = memory.own(new TeacherFeed(batches, rows, lengths, batchSize));
    }
    feed.begin(order, batch);
  }

  /**
   * Brings what the step of the next batch reads to where it reads it.
   *
   * @param count rows of the batch
   * @param order their positions, which begin at {@code from}
   */
  void next(int count, int[] order, int from) {
    if (feed != null) {
      feed.next(Objects.requireNonNull(inputs.get(count)));
    } else {
      Objects.requireNonNull(batches.get(count)).compute(rows, order, from);
    }
  }

  /** One of those that were captured, for benchmarks. */
  TeacherBatch any() {
    return batches.values().iterator().next();
  }

  /** Stops the thread; networks may be closed after this. */
  @Override
  public void close() {
    memory.close();
  }
}
