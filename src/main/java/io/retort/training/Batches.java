package io.retort.training;

import io.retort.dataset.Split;
import io.retort.model.ModelDefinition;
import io.retort.spec.ObjectiveSpec;
import io.retort.teacher.SoftTargets;
import java.nio.FloatBuffer;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.api.buffer.DataType;

/** Turns rows into gradients: the full batch's captured step and, where needed, the last one's. */
final class Batches implements AutoCloseable {

  private final NativeMemory memory = new NativeMemory();
  private final Split train;
  private final @Nullable SoftTargets targets;
  private final ResponseObjective objective;
  private final FlatParameters gradients;
  private final CapturedStep full;
  private final @Nullable CapturedStep last;
  private final int classes;
  private final int[] labels;
  private final LogitBatch student;
  private final LogitBatch teacher;
  private final LogitBatch slope;
  private final FloatBuffer teacherRows;

  Batches(
      ModelDefinition definition,
      ParameterLayout layout,
      FlatParameters parameters,
      Split train,
      @Nullable SoftTargets targets,
      ObjectiveSpec objective,
      int batchSize) {
    this.train = train;
    this.targets = targets;
    this.classes = definition.classes().size();
    this.objective = new ResponseObjective(objective, classes);
    this.labels = new int[batchSize];
    this.student = new LogitBatch(batchSize * classes);
    this.teacher = new LogitBatch(batchSize * classes);
    this.slope = new LogitBatch(batchSize * classes);
    this.teacherRows = FloatBuffer.allocate(batchSize * classes);
    int rest = train.size() % batchSize;
    try {
      gradients = memory.own(new FlatParameters(layout, DataType.FLOAT));
      full = memory.own(step(definition, parameters, batchSize));
      last = rest == 0 ? null : memory.own(step(definition, parameters, rest));
    } catch (RuntimeException | Error e) {
      memory.close();
      throw e;
    }
  }

  private CapturedStep step(ModelDefinition definition, FlatParameters parameters, int batch) {
    return new CapturedStep(definition, parameters, gradients, batch, DataType.FLOAT, true);
  }

  /**
   * Computes the gradient of some rows' loss.
   *
   * @param means takes the losses
   * @return the total loss
   */
  double gradient(int[] order, int from, int rows, SplittableRandom dropout, LossMeans means) {
    CapturedStep step = last != null && rows == last.batch() ? last : full;
    train.gather(order, from, rows, step.featureBuffer());
    for (int i = 0; i < rows; i++) {
      labels[i] = train.label(order[from + i]);
    }
    double[] teaching = null;
    if (targets != null) {
      targets.gather(order, from, rows, teacherRows);
      teaching = teacher.read(teacherRows, rows * classes);
    }
    step.drawMasks(dropout);
    step.forward();
    double[] logits = student.read(step.logits().data().asNioFloat(), rows * classes);
    double loss = objective.evaluate(logits, teaching, labels, rows, slope.doubles());
    slope.write(step.logitGradient().data().asNioFloat(), rows * classes);
    step.backward();
    step.updateStatistics();
    means.add(
        loss,
        teaching == null ? Double.NaN : objective.distillationLoss(),
        objective.studentLoss(),
        rows);
    return loss;
  }

  /** What the last call of {@link #gradient} found. */
  FlatParameters gradients() {
    return gradients;
  }

  @Override
  public void close() {
    memory.close();
  }
}
