package io.retort.pipeline;

import io.retort.dataset.Split;
import io.retort.evaluation.LogitRows;
import io.retort.onnx.OnnxNetwork;
import io.retort.spec.Cancellation;
import java.nio.FloatBuffer;

/** The logits of an ONNX file, computed batch by batch as they are read; cheapest in order. */
final class ComputedRows implements LogitRows {

  private static final int BATCH = 256;

  private final OnnxNetwork network;
  private final Split split;
  private final int classes;
  private final Cancellation cancellation;
  private final FloatBuffer features;
  private final FloatBuffer logits;
  private int from;
  private int computed;

  ComputedRows(OnnxNetwork network, Split split, int classes, Cancellation cancellation) {
    this.network = network;
    this.split = split;
    this.classes = classes;
    this.cancellation = cancellation;
    int batch = Math.min(BATCH, split.size());
    this.features = StudentExport.floats(batch * split.columns());
    this.logits = StudentExport.floats(batch * classes);
  }

  @Override
  public int rows() {
    return split.size();
  }

  @Override
  public int classes() {
    return classes;
  }

  @Override
  public void read(int row, float[] into) {
    if (row < from || row >= from + computed) {
      compute(row);
    }
    logits.get((row - from) * classes, into, 0, classes);
  }

  private void compute(int first) {
    cancellation.check();
    from = first;
    computed = Math.min(BATCH, split.size() - first);
    int[] positions = new int[computed];
    for (int i = 0; i < computed; i++) {
      positions[i] = first + i;
    }
    split.gather(positions, 0, computed, features);
    network.logits(features, computed, logits);
  }
}
