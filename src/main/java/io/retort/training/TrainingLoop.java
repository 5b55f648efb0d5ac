package io.retort.training;

import io.retort.dataset.Split;
import io.retort.model.ModelDefinition;
import io.retort.model.TrainedModel;
import io.retort.plan.HostMemory;
import io.retort.plan.NativeMemory;
import io.retort.spec.Cancellation;
import io.retort.spec.ObjectiveSpec;
import io.retort.spec.TrainingSpec;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.api.buffer.DataType;

/** Epochs over the training part: the state of one run and the order in which it changes. */
final class TrainingLoop implements AutoCloseable {

  /** How far a checkpoint is; grows with every step and every epoch. */
  static final String POSITION = "position";

  /** Prefix of what the objective's terms put into a checkpoint. */
  private static final String TERMS = "terms.";

  private static final String LENGTHS = "lengths.";

  private final NativeMemory memory = new NativeMemory();
  private final ModelDefinition definition;
  private final TrainingSpec spec;
  private final Split train;
  private final FlatParameters parameters;
  private final Batches batches;
  private final Validation validation;
  private final ParameterUpdate update;
  private final @Nullable ParameterUpdate termUpdate;
  private final ObjectiveSpec objective;
  private final TermDiagnosis diagnosis;
  private final LearningRate rate;
  private final EpochOrder order;
  private final int stepsPerEpoch;

  /** The last full batch of an epoch: a shorter one may go without terms. */
  private final int diagnosed;

  private final BestEpoch best;
  private final List<EpochMetrics> history = new ArrayList<>();
  private LossMeans means;
  private Map<String, Double> gradientLengths = Map.of();
  private int batch;
  private long step;
  private long nanosBefore;

  TrainingLoop(TrainingTask task, int threads) {
    this.definition = task.network();
    this.train = task.train();
    this.spec = task.spec();
    this.objective = task.objective();
    DistillationTargets targets = task.targets();
    this.means = new LossMeans(objective.terms().size());
    this.diagnosis = new TermDiagnosis(objective);
    int batchSize = Math.min(spec.batchSize(), train.size());
    this.stepsPerEpoch = (train.size() + batchSize - 1) / batchSize;
    this.diagnosed = train.size() / batchSize;
    RowOrder shuffled = new RowOrder(train.size(), spec.seed());
    this.order =
        targets == null || targets.neighbours() == null
            ? shuffled
            : new NeighbourOrder(shuffled, targets.neighbours(), batchSize);
    ParameterLayout layout = ParameterLayout.of(definition);
    this.rate =
        new LearningRate(
            spec.optimizer().learningRate(), spec.schedule(), spec.epochCount(), stepsPerEpoch);
    this.best = new BestEpoch(spec.monitor(), spec.earlyStopping(), layout.size());
    try {
      parameters = memory.own(new FlatParameters(layout, DataType.FLOAT));
      parameters.write(task.start() == null ? layout.initial(spec.seed()) : task.start());
      batches =
          memory.own(
              new Batches(
                  definition,
                  layout,
                  parameters,
                  train,
                  targets == null ? null : targets.train(),
                  targets == null ? List.of() : targets.taps(),
                  objective,
                  spec,
                  batchSize));
      update =
          memory.own(
              new ParameterUpdate(
                  Optimizer.of(spec.optimizer(), layout.trained()),
                  parameters,
                  batches.gradients(),
                  threads));
      termUpdate = termUpdate(batches.terms());
      this.validation =
          memory.own(
              new Validation(
                  definition,
                  parameters,
                  task.validation(),
                  targets == null ? null : targets.validation(),
                  objective,
                  spec.epochCount()));
    } catch (RuntimeException | Error e) {
      memory.close();
      throw e;
    }
  }

  /** What terms train moves as the student does; left out of the model. */
  private @Nullable ParameterUpdate termUpdate(@Nullable FeatureTerms terms) {
    if (terms == null || terms.parameters() == null || terms.gradients() == null) {
      return null;
    }
    Optimizer optimizer =
        new SettlingOptimizer(Optimizer.of(spec.optimizer(), terms.parameters().trainedCount()));
    return memory.own(new ParameterUpdate(optimizer, terms.parameters(), terms.gradients(), 1));
  }

  /**
   * @param checkpoints taken up from where there is one
   */
  TrainingOutcome run(
      TrainingListener listener, Cancellation cancellation, Checkpoints checkpoints) {
    resume(checkpoints.latest(), listener);
    long begin = System.nanoTime() - nanosBefore;
    Pace pace = new Pace(listener, (long) stepsPerEpoch * spec.epochCount(), step);
    try {
      prepare(history.size() + 1, batch);
      while (history.size() < spec.epochCount() && !best.patienceIsOver()) {
        int epoch = history.size() + 1;
        epoch(epoch, pace, cancellation, checkpoints, begin);
        prepare(epoch + 1, 0); // its first rows are gathered while this one is measured
        endEpoch(epoch, validation.measure(epoch, cancellation), listener);
        if (checkpoints.due()) {
          checkpoints.keep(state(begin));
        }
      }
    } catch (Cancellation.CancelledException e) {
      if (checkpoints.leaving()) {
        checkpoints.keep(state(begin));
      }
      throw e;
    }
    checkpoints.keep(state(begin));
    listener.progress(1);
    float[] last = new float[(int) parameters.vector().length()];
    parameters.read(last);
    return new TrainingOutcome(
        new TrainedModel(definition, best.weights()),
        last,
        best.epoch(),
        best.figures().loss(),
        best.figures().accuracy(),
        history.size(),
        step,
        (System.nanoTime() - begin) / 1e9);
  }

  private void endEpoch(int epoch, Validation.Figures figures, TrainingListener listener) {
    if (!Double.isFinite(figures.loss())) {
      throw TrainingException.diverged(epoch, step, rate.at(step - 1));
    }
    best.offer(epoch, figures, parameters::read);
    EpochMetrics metrics =
        new EpochMetrics(
            epoch,
            step,
            means.total(),
            means.distillation(),
            means.student(),
            figures.loss(),
            figures.accuracy(),
            rate.at(step - 1),
            diagnosis.figures(means, epoch, gradientLengths));
    history.add(metrics);
    listener.epochDone(metrics);
    batch = 0;
    means = new LossMeans(objective.terms().size());
  }

  private void prepare(int epoch, int batch) {
    if (epoch <= spec.epochCount()) {
      batches.begin(order.of(epoch), batch, epoch);
    }
  }

  private void epoch(
      int epoch, Pace pace, Cancellation cancellation, Checkpoints checkpoints, long begin) {
    while (batch < stepsPerEpoch) {
      cancellation.check();
      double loss = batches.gradient(step, means);
      double learningRate = rate.at(step++);
      if (!Double.isFinite(loss)) {
        throw TrainingException.diverged(epoch, step, learningRate);
      }
      HostMemory.isRead(batches.gradients().vector());
      update.step(learningRate);
      HostMemory.isWritten(parameters.vector());
      updateTerms(learningRate);
      batch++;
      if (batch == diagnosed) {
        gradientLengths = batches.gradientLengths();
      }
      pace.step();
      if (checkpoints.due()) {
        checkpoints.keep(state(begin));
      }
    }
  }

  private void updateTerms(double learningRate) {
    FeatureTerms terms = batches.terms();
    if (termUpdate != null && terms != null) {
      HostMemory.isRead(Objects.requireNonNull(terms.gradients()).vector());
      termUpdate.step(learningRate);
      HostMemory.isWritten(Objects.requireNonNull(terms.parameters()).vector());
    }
  }

  /** Everything that changes in a run. */
  private Checkpoint state(long begin) {
    Checkpoint state = new Checkpoint(new HashMap<>(), new HashMap<>(), history);
    float[] now = new float[(int) parameters.vector().length()];
    parameters.read(now);
    state.put("parameters", now);
    state.put("step", (double) step);
    state.put("batch", (double) batch);
    // an epoch's end comes after its last step, so it counts as one
    state.put(POSITION, (double) (step + history.size()));
    state.put("nanos", (double) (System.nanoTime() - begin));
    update.optimizer().save(state);
    best.save(state);
    means.save(state);
    Checkpoint lengths = new Checkpoint();
    gradientLengths.forEach(lengths::put);
    state.put(LENGTHS, lengths);
    FeatureTerms terms = batches.terms();
    if (terms != null) {
      Checkpoint part = new Checkpoint();
      terms.save(part);
      if (termUpdate != null) {
        termUpdate.optimizer().save(part);
      }
      state.put(TERMS, part);
    }
    return state;
  }

  private void resume(@Nullable Checkpoint from, TrainingListener listener) {
    if (from == null) {
      return;
    }
    float[] then = new float[(int) parameters.vector().length()];
    from.read("parameters", then);
    parameters.write(then);
    step = (long) from.number("step");
    batch = (int) from.number("batch");
    nanosBefore = (long) from.number("nanos");
    update.optimizer().load(from);
    best.load(from);
    means.load(from);
    gradientLengths = from.part(LENGTHS).numbers();
    FeatureTerms terms = batches.terms();
    if (terms != null) {
      Checkpoint part = from.part(TERMS);
      terms.load(part);
      if (termUpdate != null) {
        termUpdate.optimizer().load(part);
      }
    }
    history.addAll(from.history());
    history.forEach(listener::epochDone);
    listener.resumed(history.size(), step);
  }

  @Override
  public void close() {
    memory.close();
  }
}
