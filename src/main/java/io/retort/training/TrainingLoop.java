package io.retort.training;

import io.retort.dataset.Split;
import io.retort.model.ModelDefinition;
import io.retort.model.TrainedModel;
import io.retort.spec.Cancellation;
import io.retort.spec.ObjectiveSpec;
import io.retort.spec.TrainingSpec;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.api.buffer.DataType;

/** Epochs over the training part: the state of one run and the order in which it changes. */
final class TrainingLoop implements AutoCloseable {

  private final NativeMemory memory = new NativeMemory();
  private final ModelDefinition definition;
  private final TrainingSpec spec;
  private final Split train;
  private final FlatParameters parameters;
  private final Batches batches;
  private final Validation validation;
  private final ParameterUpdate update;
  private final LearningRate rate;
  private final int stepsPerEpoch;
  private long step;

  TrainingLoop(
      ModelDefinition definition,
      Split train,
      Split validation,
      @Nullable DistillationTargets targets,
      ObjectiveSpec objective,
      TrainingSpec spec,
      int threads,
      float @Nullable [] start) {
    this.definition = definition;
    this.train = train;
    this.spec = spec;
    int batchSize = Math.min(spec.batchSize(), train.size());
    this.stepsPerEpoch = (train.size() + batchSize - 1) / batchSize;
    ParameterLayout layout = ParameterLayout.of(definition);
    this.rate =
        new LearningRate(
            spec.optimizer().learningRate(), spec.schedule(), spec.epochs(), stepsPerEpoch);
    try {
      parameters = memory.own(new FlatParameters(layout, DataType.FLOAT));
      parameters.write(start == null ? layout.initial(spec.seed()) : start);
      batches =
          memory.own(
              new Batches(
                  definition,
                  layout,
                  parameters,
                  train,
                  targets == null ? null : targets.train(),
                  objective,
                  batchSize));
      update =
          memory.own(
              new ParameterUpdate(
                  Optimizer.of(spec.optimizer(), layout.trained()),
                  parameters,
                  batches.gradients(),
                  threads));
      this.validation =
          memory.own(
              new Validation(
                  definition,
                  parameters,
                  validation,
                  targets == null ? null : targets.validation(),
                  objective));
    } catch (RuntimeException | Error e) {
      memory.close();
      throw e;
    }
  }

  TrainingOutcome run(TrainingListener listener, Cancellation cancellation) {
    long begin = System.nanoTime();
    Pace pace = new Pace(listener, (long) stepsPerEpoch * spec.epochs());
    RowOrder order = new RowOrder(train.size(), spec.seed());
    BestEpoch best =
        new BestEpoch(spec.monitor(), spec.earlyStopping(), (int) parameters.vector().length());
    int epoch = 0;
    while (epoch < spec.epochs() && !best.patienceIsOver()) {
      epoch++;
      LossMeans means = epoch(epoch, order.of(epoch), pace, cancellation);
      Validation.Figures figures = validation.measure(cancellation);
      if (!Double.isFinite(figures.loss())) {
        throw TrainingException.diverged(epoch, step, rate.at(step - 1));
      }
      best.offer(epoch, figures, parameters::read);
      listener.epochDone(
          new EpochMetrics(
              epoch,
              step,
              means.total(),
              means.distillation(),
              means.student(),
              figures.loss(),
              figures.accuracy(),
              rate.at(step - 1)));
    }
    listener.progress(1);
    return new TrainingOutcome(
        new TrainedModel(definition, best.weights()),
        best.epoch(),
        best.figures().loss(),
        best.figures().accuracy(),
        epoch,
        step,
        (System.nanoTime() - begin) / 1e9);
  }

  private LossMeans epoch(int epoch, int[] order, Pace pace, Cancellation cancellation) {
    LossMeans means = new LossMeans();
    SplittableRandom dropout = Seeds.random(spec.seed(), "dropout", epoch);
    batches.begin(order);
    for (int batch = 0; batch < stepsPerEpoch; batch++) {
      cancellation.check();
      double loss = batches.gradient(dropout, means);
      double learningRate = rate.at(step++);
      if (!Double.isFinite(loss)) {
        throw TrainingException.diverged(epoch, step, learningRate);
      }
      HostMemory.isRead(batches.gradients().vector());
      update.step(learningRate);
      HostMemory.isWritten(parameters.vector());
      pace.step();
    }
    return means;
  }

  @Override
  public void close() {
    memory.close();
  }
}
