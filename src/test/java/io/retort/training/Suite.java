package io.retort.training;

import io.retort.dataset.Split;
import io.retort.model.ModelDefinition;
import io.retort.plan.NativeMemory;
import io.retort.spec.Architecture;
import io.retort.spec.ObjectiveSpec;
import io.retort.spec.OptimizerSpec;
import io.retort.spec.TrainingSpec;
import io.retort.teacher.SoftTargets;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.nd4j.linalg.api.buffer.DataType;

/**
 * The networks that benchmarks are about, each with a training step on random rows: gathering a
 * shuffled batch, forward, objective, backward, Adam. {@code benchmarks/peer/peer.py} has the same.
 */
enum Suite {
  MLP_784_30_10(mlp(30), 128, 784),
  MLP_784_128_10(mlp(128), 64, 784),
  MLP_784_1200_1200_10(mlp(1200, 1200), 128, 784),
  MNIST1D_MLP(mlp(100, 100), 100, 40),
  MNIST1D_CNN(new Architecture.Cnn1d(List.of(25, 25, 25), null, 2, null, null), 100, 40),
  CNN_28X28(
      new Architecture.Cnn2d(List.of(16, 32), 3, 2, List.of(64), null, null, null), 64, 1, 28, 28),
  RESNET_8_32X32(new Architecture.Resnet(8, List.of(16, 32, 64)), 64, 3, 32, 32);

  /** Rows to shuffle; more than fit the second cache. */
  private static final int ROWS = 4096;

  private static final int CLASSES = 10;

  final ModelDefinition definition;
  final int batch;

  Suite(Architecture architecture, int batch, Integer... shape) {
    this.definition =
        new ModelDefinition(
            architecture,
            List.of(shape),
            IntStream.range(0, CLASSES).mapToObj(Integer::toString).toList(),
            null);
    this.batch = batch;
  }

  private static Architecture mlp(Integer... hidden) {
    return new Architecture.Mlp(List.of(hidden), null, null, null);
  }

  /** Kullback-Leibler at 4 with weight 0.9 and cross-entropy with weight 0.1. */
  static ObjectiveSpec objective() {
    return new ObjectiveSpec(null, 4.0, 0.9, 0.1, null, null, null);
  }

  /**
   * @param threads of the optimiser; the engine's are set by whoever opens this
   */
  Training open(int threads) {
    return new Training(threads);
  }

  /** A training under way, on rows and soft targets that are all in memory. */
  final class Training implements AutoCloseable {
    private final NativeMemory memory = new NativeMemory();
    private final Rows rows = new Rows(definition.columns());
    private final Rows logits = new Rows(CLASSES);
    private final Batches batches;
    private final ParameterUpdate update;
    private final int[] order;
    private final LossMeans means = new LossMeans();
    private long steps;
    private int left;

    private Training(int threads) {
      ParameterLayout layout = ParameterLayout.of(definition);
      FlatParameters parameters = memory.own(new FlatParameters(layout, DataType.FLOAT));
      parameters.write(layout.initial(1));
      batches =
          memory.own(
              new Batches(
                  definition,
                  layout,
                  parameters,
                  rows,
                  logits,
                  List.of(),
                  objective(),
                  new TrainingSpec(1, batch, null, null, null, null, 1L),
                  batch));
      update =
          memory.own(
              new ParameterUpdate(
                  Optimizer.of(new OptimizerSpec.Adam(1e-3, null, null, null), layout.trained()),
                  parameters,
                  batches.gradients(),
                  threads));
      order = new RowOrder(ROWS, 1).of(1).clone();
    }

    /** One step; returns the loss. */
    double step() {
      if (left == 0) {
        batches.begin(order, 0, 1);
        left = ROWS / batch;
      }
      left--;
      double loss = batches.gradient(steps++, means);
      update.step(1e-3);
      return loss;
    }

    @Override
    public void close() {
      memory.close();
    }
  }

  /** Random numbers, as rows of features or as a teacher's logits. */
  private static final class Rows implements Split, SoftTargets {
    private final int columns;
    private final FloatBuffer values;

    Rows(int columns) {
      this.columns = columns;
      SplittableRandom random = new SplittableRandom(columns);
      values =
          ByteBuffer.allocateDirect(ROWS * columns * Float.BYTES)
              .order(ByteOrder.nativeOrder())
              .asFloatBuffer();
      for (int i = 0; i < ROWS * columns; i++) {
        values.put(i, (float) random.nextGaussian());
      }
    }

    @Override
    public int size() {
      return ROWS;
    }

    @Override
    public int columns() {
      return columns;
    }

    @Override
    public int width() {
      return columns;
    }

    @Override
    public int label(int position) {
      return position % CLASSES;
    }

    @Override
    public void gather(int[] positions, int from, int count, FloatBuffer into) {
      for (int i = 0; i < count; i++) {
        into.put(i * columns, values, positions[from + i] * columns, columns);
      }
    }

    @Override
    public void close() {}
  }
}
