package io.retort.pipeline;

import io.retort.dataset.PreparedDataset;
import io.retort.model.ModelDefinition;
import io.retort.model.TrainedModel;
import io.retort.spec.JobSpec;
import io.retort.spec.ObjectiveSpec;
import io.retort.spec.Phase;
import io.retort.spec.StageSpec;
import io.retort.spec.TrainingSpec;
import io.retort.training.DistillationTargets;
import io.retort.training.EpochMetrics;
import io.retort.training.Trainer;
import io.retort.training.TrainingListener;
import io.retort.training.TrainingOutcome;
import io.retort.training.TrainingTask;
import java.util.Map;
import java.util.Objects;
import java.util.function.DoubleConsumer;
import org.jspecify.annotations.Nullable;

/** The trainings of a job: of its teacher, its twin, and its student with the stages before it. */
final class Trainings {

  /** Stands for the teacher of a training without one. */
  private static final String NOBODY = "";

  private final JobSpec spec;
  private final PreparedDataset data;
  private final PipelineContext context;
  private final MetricLog metrics;

  Trainings(JobSpec spec, PreparedDataset data, PipelineContext context, MetricLog metrics) {
    this.spec = spec;
    this.data = data;
    this.context = context;
    this.metrics = metrics;
  }

  /** A model that was trained in this job. */
  record Trained(
      TrainedModel model,
      TrainingOutcome outcome,
      ObjectiveSpec objective,
      TrainingSpec training) {}

  /** The two that are compared; no twin where none was asked for. */
  record Students(Trained student, @Nullable Trained twin) {}

  Students students(
      Plan plan,
      DistillationTargets targets,
      String teachers,
      WorkEstimate work,
      ProgressPlan progress) {
    StudentPlan net = Objects.requireNonNull(plan.student());
    ObjectiveSpec objective = plan.spec().objective();
    Trained twin = null;
    if (spec.evaluation().twin()) {
      context.phase(Phase.TWIN);
      DoubleConsumer done = progress.next(work.student());
      twin =
          fit(
              "twin",
              net,
              null,
              objective.withoutTeacher(),
              spec.training().shuffled(),
              NOBODY,
              done);
    }
    context.phase(Phase.TRAINING);
    TrainingSpec training = plan.spec().training();
    for (StageSpec stage : plan.spec().stages()) {
      DoubleConsumer done = progress.next(work.stage(stage.epochs()));
      net = stage(stage, training, net, targets, teachers, done);
    }
    DoubleConsumer done = progress.next(work.student());
    return new Students(fit("student", net, targets, objective, training, teachers, done), twin);
  }

  /** The student as a stage leaves it: at its end, as there is no best epoch to an initial loss. */
  private StudentPlan stage(
      StageSpec stage,
      TrainingSpec training,
      StudentPlan net,
      DistillationTargets targets,
      String teachers,
      DoubleConsumer progress) {
    String role = "student." + stage.name();
    Trained trained =
        fit(role, net, targets, stage.objective(), stage.training(training), teachers, progress);
    return new StudentPlan(net.definition(), trained.outcome().last());
  }

  Trained teacher(ModelDefinition definition, DoubleConsumer progress) {
    context.phase(Phase.TEACHING);
    TrainingSpec training =
        Objects.requireNonNull(Objects.requireNonNull(spec.teacher()).training());
    return fit(
        "teacher",
        new StudentPlan(definition, null),
        null,
        ObjectiveSpec.labelsOnly(1, 1),
        training,
        NOBODY,
        progress);
  }

  private Trained fit(
      String role,
      StudentPlan network,
      @Nullable DistillationTargets targets,
      ObjectiveSpec objective,
      TrainingSpec training,
      String taughtBy,
      DoubleConsumer progress) {
    TrainingTask task =
        new TrainingTask(
            network.definition(),
            network.start(),
            data.train(),
            data.validation(),
            targets,
            objective,
            training);
    TrainingOutcome outcome =
        new Trainer(context.threads())
            .train(
                task,
                listener(role, data.train().size(), progress),
                context.cancellation(),
                context.checkpoints(),
                role,
                data.info().fingerprint() + taughtBy + network.origin());
    context.event(
        PipelineContext.Level.INFO,
        "Trained the %s: %d epochs in %.1f s, the best one was %d."
            .formatted(role, outcome.epochs(), outcome.seconds(), outcome.bestEpoch()),
        Map.of(
            "validationLoss", outcome.bestValidationLoss(),
            "validationAccuracy", outcome.bestValidationAccuracy()));
    return new Trained(outcome.model(), outcome, objective, training);
  }

  private TrainingListener listener(String role, int rows, DoubleConsumer progress) {
    TermBalance balance = new TermBalance(role, context);
    EpochPace pace = new EpochPace(role, rows, context);
    return new TrainingListener() {
      @Override
      public void epochDone(EpochMetrics m) {
        pace.look(m);
        metrics.epoch(role, m);
        balance.look(m);
      }

      @Override
      public void progress(double done) {
        progress.accept(done);
      }

      @Override
      public void resumed(int epochs, long steps) {
        context.event(
            PipelineContext.Level.INFO,
            "The %s goes on from its checkpoint: %d epochs and %d steps were done."
                .formatted(role, epochs, steps),
            Map.of("training", role, "epochs", epochs, "steps", steps));
      }
    };
  }
}
