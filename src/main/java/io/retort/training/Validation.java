package io.retort.training;

import io.retort.dataset.Split;
import io.retort.model.ModelDefinition;
import io.retort.spec.Cancellation;
import io.retort.spec.ObjectiveSpec;
import io.retort.teacher.SoftTargets;
import java.nio.FloatBuffer;
import org.jspecify.annotations.Nullable;

/** The objective and the accuracy on the validation part, with the parameters as they stand. */
final class Validation implements AutoCloseable {

  private static final int MAX_BATCH = 256;

  private final Split rows;
  private final @Nullable SoftTargets targets;
  private final ResponseObjective objective;
  private final InferenceNetwork network;
  private final int classes;
  private final int batch;
  private final int[] positions;
  private final int[] labels;
  private final LogitBatch student;
  private final LogitBatch teacher;
  private final FloatBuffer features;
  private final FloatBuffer logits;

  Validation(
      ModelDefinition definition,
      FlatParameters parameters,
      Split rows,
      @Nullable SoftTargets targets,
      ObjectiveSpec objective,
      int epochs) {
    this.rows = rows;
    this.targets = targets;
    this.classes = definition.classes().size();
    this.objective = new ResponseObjective(objective, classes, epochs);
    this.batch = Math.min(MAX_BATCH, rows.size());
    this.positions = new int[batch];
    this.labels = new int[batch];
    this.student = new LogitBatch(batch * classes);
    this.teacher = new LogitBatch(batch * classes);
    this.features = FloatBuffer.allocate(batch * definition.columns());
    this.logits = FloatBuffer.allocate(batch * classes);
    this.network = InferenceNetwork.sharing(definition, parameters, batch);
  }

  /**
   * @param loss mean per row of the objective, terms that read features aside
   * @param accuracy share of rows, 0..1
   */
  record Figures(double loss, double accuracy) {}

  /**
   * @param epoch whose temperature and weights count, from 1
   */
  Figures measure(int epoch, Cancellation cancellation) {
    objective.begin(epoch);
    double loss = 0;
    int right = 0;
    for (int from = 0; from < rows.size(); from += batch) {
      cancellation.check();
      int count = Math.min(batch, rows.size() - from);
      for (int i = 0; i < count; i++) {
        positions[i] = from + i;
        labels[i] = rows.label(from + i);
      }
      rows.gather(positions, 0, count, features);
      network.logits(features, count, logits);
      double[] z = student.read(logits, count * classes);
      loss += objective.evaluate(z, teaching(count), labels, count, null) * count;
      right += right(z, count);
    }
    return new Figures(loss / rows.size(), (double) right / rows.size());
  }

  private double @Nullable [] teaching(int count) {
    if (targets == null) {
      return null;
    }
    targets.gather(positions, 0, count, logits);
    return teacher.read(logits, count * classes);
  }

  private int right(double[] z, int count) {
    int right = 0;
    for (int r = 0; r < count; r++) {
      int largest = 0;
      for (int c = 1; c < classes; c++) {
        largest = z[r * classes + c] > z[r * classes + largest] ? c : largest;
      }
      right += largest == labels[r] ? 1 : 0;
    }
    return right;
  }

  @Override
  public void close() {
    network.close();
  }
}
