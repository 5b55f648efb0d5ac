package io.retort.pipeline;

import io.retort.dataset.Datasets;
import io.retort.dataset.PreparedDataset;
import io.retort.evaluation.McNemarTest;
import io.retort.model.FeatureScaling;
import io.retort.model.ModelDefinition;
import io.retort.model.TrainedModel;
import io.retort.spec.JobSpec;
import io.retort.spec.JobType;
import io.retort.spec.ObjectiveSpec;
import io.retort.spec.Phase;
import io.retort.spec.Precision;
import io.retort.spec.TrainingSpec;
import io.retort.targets.SoftTargetStore;
import io.retort.teacher.Teacher;
import io.retort.training.DistillationTargets;
import io.retort.training.EpochMetrics;
import io.retort.training.FeatureStatistics;
import io.retort.training.InferenceNetwork;
import io.retort.training.Trainer;
import io.retort.training.TrainingListener;
import io.retort.training.TrainingOutcome;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Instant;
import java.util.Map;
import java.util.Objects;
import java.util.function.DoubleConsumer;
import org.jspecify.annotations.Nullable;

/** One job on its way: data, teacher, soft targets, twin, student, measurement, files. */
final class PipelineRun {

  private static final int LABELLING_BATCH = 256;

  /** Stands for the teacher of a training without one. */
  private static final String NOBODY = "";

  private final Datasets datasets;
  private final SoftTargetStore store;
  private final String version;
  private final JobSpec spec;
  private final PipelineContext context;
  private final MetricLog metrics;
  private final Instant startedAt = Instant.now();

  PipelineRun(
      Datasets datasets,
      SoftTargetStore store,
      String version,
      JobSpec spec,
      PipelineContext context) {
    this.datasets = datasets;
    this.store = store;
    this.version = version;
    this.spec = spec;
    this.context = context;
    this.metrics = new MetricLog(context);
  }

  PipelineOutcome execute() {
    context.phase(Phase.PREPARING);
    PreparedDataset data = datasets.prepare(spec.dataset(), context.cancellation());
    try {
      FeatureScaling scaling =
          spec.dataset().standardize() ? FeatureStatistics.of(data.train()) : null;
      Plan plan = Plan.of(spec, data, scaling, context::model);
      announce(data);
      Outputs outputs = new Outputs(context, plan, data, version, startedAt);
      WorkEstimate work = WorkEstimate.of(plan, data);
      ProgressPlan progress = new ProgressPlan(work.total(), context::progress);
      return spec.type() == JobType.TRAIN
          ? train(data, plan, outputs, work, progress)
          : distill(data, plan, outputs, work, progress);
    } catch (IOException | UncheckedIOException e) {
      throw PipelineException.unwritable(e);
    }
  }

  private void announce(PreparedDataset data) {
    context.event(
        PipelineContext.Level.INFO,
        "Read %,d rows of %d features in %d classes: %,d to train on, %,d to validate, %,d to test."
            .formatted(
                data.info().rows(),
                data.info().features().size(),
                data.info().classes().size(),
                data.train().size(),
                data.validation().size(),
                data.test().size()),
        Map.of("fingerprint", data.info().fingerprint()));
  }

  private PipelineOutcome train(
      PreparedDataset data, Plan plan, Outputs outputs, WorkEstimate work, ProgressPlan progress)
      throws IOException {
    Trained teacher = teach(data, plan, progress.next(work.teaching()));
    context.phase(Phase.EVALUATING);
    try (Examination exam = Examination.without(data.test(), context)) {
      outputs.teacher(teacher, exam.of(teacher.model(), data.info().classes()));
    }
    return outputs.write(metrics, null);
  }

  private PipelineOutcome distill(
      PreparedDataset data, Plan plan, Outputs outputs, WorkEstimate work, ProgressPlan progress)
      throws IOException {
    Trained teacher = teach(data, plan, progress.next(work.teaching()));
    ModelDefinition studentNet = Objects.requireNonNull(plan.student());
    ObjectiveSpec objective = spec.objective();
    context.phase(Phase.LABELLING);
    try (JobTargets targets = label(teacher.model(), data, progress.next(work.labelling()))) {
      outputs.softTargets(targets.facts());
      Trained twin = null;
      if (spec.evaluation().twin()) {
        context.phase(Phase.TWIN);
        twin =
            fit(
                "twin",
                studentNet,
                data,
                null,
                objective.withoutTeacher(),
                spec.training(),
                NOBODY,
                progress.next(work.student()));
      }
      context.phase(Phase.TRAINING);
      Trained student =
          fit(
              "student",
              studentNet,
              data,
              new DistillationTargets(targets.train().logits(), targets.validation().logits()),
              objective,
              spec.training(),
              targets.facts().teacher(),
              progress.next(work.student()));
      context.phase(Phase.EVALUATING);
      try (Examination exam = Examination.against(targets.test().logits(), data.test(), context)) {
        Examination.Marks studentMarks = exam.of(student.model(), data.info().classes());
        outputs.student(student, studentMarks);
        outputs.teacher(teacher, exam.ofTeacher(teacher.model(), data.info().classes()));
        McNemarTest test = null;
        if (twin != null) {
          Examination.Marks twinMarks = exam.of(twin.model(), data.info().classes());
          outputs.twin(twin, twinMarks);
          test =
              McNemarTest.of(
                  studentMarks.measurement().correct(), twinMarks.measurement().correct());
        }
        return outputs.write(metrics, test);
      }
    }
  }

  private Trained teach(PreparedDataset data, Plan plan, DoubleConsumer progress) {
    if (plan.teacherModel() != null) {
      return new Trained(
          plan.teacherModel(), null, ObjectiveSpec.labelsOnly(1, 1), spec.training());
    }
    context.phase(Phase.TEACHING);
    TrainingSpec training =
        Objects.requireNonNull(Objects.requireNonNull(spec.teacher()).training());
    return fit(
        "teacher",
        plan.teacher(),
        data,
        null,
        ObjectiveSpec.labelsOnly(1, 1),
        training,
        NOBODY,
        progress);
  }

  private Trained fit(
      String role,
      ModelDefinition definition,
      PreparedDataset data,
      @Nullable DistillationTargets targets,
      ObjectiveSpec objective,
      TrainingSpec training,
      String taughtBy,
      DoubleConsumer progress) {
    TrainingOutcome outcome =
        new Trainer(context.threads())
            .train(
                definition,
                data.train(),
                data.validation(),
                targets,
                objective,
                training,
                listener(role, progress),
                context.cancellation(),
                context.checkpoints(),
                role,
                data.info().fingerprint() + taughtBy);
    context.event(
        PipelineContext.Level.INFO,
        "Trained the %s: %d epochs in %.1f s, the best one was %d."
            .formatted(role, outcome.epochs(), outcome.seconds(), outcome.bestEpoch()),
        Map.of(
            "validationLoss", outcome.bestValidationLoss(),
            "validationAccuracy", outcome.bestValidationAccuracy()));
    return new Trained(outcome.model(), outcome, objective, training);
  }

  private TrainingListener listener(String role, DoubleConsumer progress) {
    return new TrainingListener() {
      @Override
      public void epochDone(EpochMetrics m) {
        metrics.epoch(role, m);
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

  private JobTargets label(TrainedModel model, PreparedDataset data, DoubleConsumer progress) {
    Precision precision = Objects.requireNonNull(spec.teacher()).softTargets();
    try (Teacher network = InferenceNetwork.open(model, LABELLING_BATCH, context.threads())) {
      return JobTargets.of(network, data, precision, store, context, progress);
    }
  }

  /**
   * A model of this job.
   *
   * @param outcome null for a model of the registry
   * @param objective what it minimised; for a model of the registry of no account
   * @param training likewise
   */
  record Trained(
      TrainedModel model,
      @Nullable TrainingOutcome outcome,
      ObjectiveSpec objective,
      TrainingSpec training) {}
}
