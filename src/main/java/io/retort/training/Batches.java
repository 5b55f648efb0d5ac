package io.retort.training;

import io.retort.dataset.Split;
import io.retort.model.ModelDefinition;
import io.retort.spec.ObjectiveSpec;
import io.retort.teacher.SoftTargets;
import java.util.List;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.api.buffer.DataType;

/**
 * Turns the rows of an epoch into gradients: the full batch's captured step and, where needed, the
 * last one's.
 */
final class Batches implements AutoCloseable {

  private final NativeMemory memory = new NativeMemory();
  private final BatchFeed feed;
  private final boolean taught;
  private final ResponseObjective objective;
  private final FlatParameters gradients;
  private final CapturedStep full;
  private final @Nullable CapturedStep last;
  private final int classes;
  private final int[] labels;
  private final LogitBatch student;
  private final LogitBatch teacher;
  private final LogitBatch slope;

  Batches(
      ModelDefinition definition,
      ParameterLayout layout,
      FlatParameters parameters,
      Split train,
      @Nullable SoftTargets targets,
      ObjectiveSpec objective,
      int batchSize) {
    this.taught = targets != null;
    this.classes = definition.classes().size();
    this.objective = new ResponseObjective(objective, classes);
    this.labels = new int[batchSize];
    this.student = new LogitBatch(batchSize * classes);
    this.teacher = new LogitBatch(batchSize * classes);
    this.slope = new LogitBatch(batchSize * classes);
    int rest = train.size() % batchSize;
    try {
      gradients = memory.own(new FlatParameters(layout, DataType.FLOAT));
      full = memory.own(step(definition, parameters, batchSize));
      feed = memory.own(new BatchFeed(train, targets, batchSize));
      last = rest == 0 ? null : memory.own(step(definition, parameters, rest));
    } catch (RuntimeException | Error e) {
      memory.close();
      throw e;
    }
  }

  private CapturedStep step(ModelDefinition definition, FlatParameters parameters, int batch) {
    return new CapturedStep(
        definition, parameters, gradients, List.of(), batch, DataType.FLOAT, true);
  }

  /**
   * Begins an epoch.
   *
   * @param order positions of all its rows; not changed before the epoch is over
   * @param batch the first one wanted, from 0
   */
  void begin(int[] order, int batch) {
    feed.begin(order, batch);
  }

  /**
   * Computes the gradient of the next batch's loss.
   *
   * @param means takes the losses
   * @return the total loss
   */
  double gradient(SplittableRandom dropout, LossMeans means) {
    int rows = feed.advance();
    CapturedStep step = last != null && rows == last.batch() ? last : full;
    feed.features(step.featureBuffer());
    HostMemory.isWritten(step.features());
    feed.labels(labels);
    double[] teaching = taught ? feed.logits(teacher, classes) : null;
    step.drawMasks(dropout);
    step.forward();
    HostMemory.isRead(step.logits());
    double[] logits = student.read(step.logitBuffer(), rows * classes);
    double loss = objective.evaluate(logits, teaching, labels, rows, slope.doubles());
    slope.write(step.slopeBuffer(), rows * classes);
    HostMemory.isWritten(step.logitGradient());
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
