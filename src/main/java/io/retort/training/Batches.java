package io.retort.training;

import io.retort.dataset.Split;
import io.retort.model.ModelDefinition;
import io.retort.plan.HostMemory;
import io.retort.plan.NativeMemory;
import io.retort.spec.ObjectiveSpec;
import io.retort.spec.TermSpec;
import io.retort.spec.TrainingSpec;
import io.retort.teacher.SoftTargets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.api.buffer.DataType;

/**
 * Turns the rows of an epoch into gradients: the full batch's captured step and, where needed, the
 * last one's.
 */
final class Batches implements AutoCloseable {

  private static final int NO_TERM = -1;

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
  private final ObjectiveSpec spec;
  private final int batchSize;
  private final int epochs;
  private final long seed;
  private final @Nullable FeatureTerms terms;
  private final double[] termLosses;
  private int[] order = new int[0];
  private int next;
  private int rows;
  private int epoch = 1;

  /**
   * @param targets the teacher's logits; null where there is no teacher
   * @param taps what the objective's terms read of the teacher besides
   * @param training its epochs and seed
   */
  Batches(
      ModelDefinition definition,
      ParameterLayout layout,
      FlatParameters parameters,
      Split train,
      @Nullable SoftTargets targets,
      List<TeacherTap> taps,
      ObjectiveSpec objective,
      TrainingSpec training,
      int batchSize) {
    this.taught = targets != null;
    this.classes = definition.classes().size();
    this.spec = objective;
    this.objective = new ResponseObjective(objective, classes, training.epochCount());
    this.batchSize = batchSize;
    this.epochs = training.epochCount();
    this.seed = training.seed();
    this.labels = new int[batchSize];
    this.student = new LogitBatch(batchSize * classes);
    this.teacher = new LogitBatch(batchSize * classes);
    this.slope = new LogitBatch(batchSize * classes);
    int rest = train.size() % batchSize;
    try {
      List<TermSpec> features = objective.featureTerms();
      terms =
          features.isEmpty()
              ? null
              : memory.own(new FeatureTerms(features, definition, taps, train, training.seed()));
      termLosses = new double[features.size()];
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
    List<String> taps = terms == null ? List.of() : terms.studentTaps();
    CapturedStep step =
        new CapturedStep(definition, parameters, gradients, taps, batch, DataType.FLOAT, true);
    if (terms != null) {
      try {
        terms.attach(step);
      } catch (RuntimeException | Error e) {
        step.close();
        throw e;
      }
    }
    return step;
  }

  /**
   * Begins an epoch.
   *
   * @param order positions of all its rows; not changed before the epoch is over
   * @param batch the first one wanted, from 0
   * @param epoch from 1
   */
  void begin(int[] order, int batch, int epoch) {
    feed.begin(order, batch);
    this.order = order;
    next = batch * batchSize;
    objective.begin(epoch);
    this.epoch = epoch;
    if (terms != null) {
      terms.begin(order, batch, epoch);
    }
  }

  /**
   * Computes the gradient of the next batch's loss.
   *
   * @param count of the batches before it, in all epochs
   * @param means takes the losses
   * @return the total loss
   */
  double gradient(long count, LossMeans means) {
    rows = feed.advance();
    CapturedStep step = last != null && rows == last.batch() ? last : full;
    feed.features(step.featureBuffer());
    HostMemory.isWritten(step.features());
    feed.labels(labels);
    double[] teaching = taught ? feed.logits(teacher, classes) : null;
    // streams of its own for each batch, so that a training can be taken up at any
    step.drawMasks(Seeds.random(seed, "dropout", count));
    step.forward();
    HostMemory.isRead(step.logits());
    double[] logits = student.read(step.logitBuffer(), rows * classes);
    double loss = objective.evaluate(logits, teaching, labels, rows, slope.doubles());
    if (terms != null) {
      terms.feed(step, order, next, count);
      loss += terms.run(step, termLosses);
      terms.learn(step, order, next);
    }
    next += rows;
    slope.writeGradient(step.slopeBuffer(), rows * classes);
    HostMemory.isWritten(step.logitGradient());
    step.backward();
    step.updateStatistics();
    means.add(
        loss,
        teaching == null || spec.alpha() == 0 ? Double.NaN : objective.distillationLoss(),
        objective.studentLoss(),
        allTermLosses(),
        rows);
    return loss;
  }

  /** In the order of the objective's terms, before their weights. */
  private double[] allTermLosses() {
    double[] all = new double[spec.terms().size()];
    int logits = 0;
    int features = 0;
    for (int i = 0; i < all.length; i++) {
      all[i] =
          spec.terms().get(i).readsOnlyLogits()
              ? objective.termLosses()[logits++]
              : termLosses[features++];
    }
    return all;
  }

  /**
   * How long the weighted gradient of each part of the objective is, with respect to the student,
   * on the last batch; overwrites what {@link #gradient} found. Empty where there are no further
   * terms.
   */
  Map<String, Double> gradientLengths() {
    Map<String, Double> lengths = new LinkedHashMap<>();
    if (spec.terms().isEmpty() || rows == 0) {
      return lengths;
    }
    if (spec.alpha() > 0) {
      lengths.put(TermDiagnosis.DISTILLATION, length(spec.onlyAlpha(), NO_TERM));
    }
    if (spec.beta() > 0) {
      lengths.put(TermDiagnosis.STUDENT, length(spec.onlyBeta(), NO_TERM));
    }
    int features = 0;
    for (int i = 0; i < spec.terms().size(); i++) {
      boolean logits = spec.terms().get(i).readsOnlyLogits();
      lengths.put(spec.termNames().get(i), length(spec.onlyTerm(i), logits ? NO_TERM : features++));
    }
    if (terms != null) {
      terms.all();
    }
    return lengths;
  }

  private double length(ObjectiveSpec part, int feature) {
    CapturedStep step = last != null && rows == last.batch() ? last : full;
    step.forward(); // the backward pass has written over what it left
    HostMemory.isRead(step.logits());
    double[] logits = student.read(step.logitBuffer(), rows * classes);
    double[] teaching = taught ? feed.logits(teacher, classes) : null;
    ResponseObjective alone = new ResponseObjective(part, classes, epochs);
    alone.begin(epoch);
    alone.evaluate(logits, teaching, labels, rows, slope.doubles());
    slope.writeGradient(step.slopeBuffer(), rows * classes);
    HostMemory.isWritten(step.logitGradient());
    if (terms != null && feature == NO_TERM) {
      terms.silence(step);
    } else if (terms != null) {
      terms.only(feature);
      terms.run(step, new double[termLosses.length]);
    }
    step.backward();
    HostMemory.isRead(gradients.vector());
    float[] all = new float[(int) gradients.vector().length()];
    gradients.read(all);
    double squares = 0;
    for (int i = 0; i < gradients.trainedCount(); i++) {
      squares += (double) all[i] * all[i];
    }
    return Math.sqrt(squares);
  }

  /** What the last call of {@link #gradient} found. */
  FlatParameters gradients() {
    return gradients;
  }

  /** The terms that read features; null where there are none. */
  @Nullable FeatureTerms terms() {
    return terms;
  }

  @Override
  public void close() {
    memory.close();
  }
}
