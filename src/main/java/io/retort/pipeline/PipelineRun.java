package io.retort.pipeline;

import io.retort.dataset.Datasets;
import io.retort.dataset.GivenRows;
import io.retort.dataset.PreparedDataset;
import io.retort.evaluation.McNemarTest;
import io.retort.model.FeatureScaling;
import io.retort.model.ModelDefinition;
import io.retort.model.TrainedModel;
import io.retort.neighbours.Neighbours;
import io.retort.pipeline.JobTeacher.Part;
import io.retort.pipeline.PlanTeacher.ModelLoader;
import io.retort.spec.BatchingSpec;
import io.retort.spec.JobSpec;
import io.retort.spec.JobType;
import io.retort.spec.ObjectiveSpec;
import io.retort.spec.OutputKind;
import io.retort.spec.Phase;
import io.retort.spec.StageSpec;
import io.retort.spec.TrainingSpec;
import io.retort.targets.SoftTargetStore;
import io.retort.teacher.Reading;
import io.retort.teacher.RemoteReading;
import io.retort.teacher.SoftTargets;
import io.retort.training.DistillationTargets;
import io.retort.training.EpochMetrics;
import io.retort.training.FeatureStatistics;
import io.retort.training.TeacherTap;
import io.retort.training.Trainer;
import io.retort.training.TrainingListener;
import io.retort.training.TrainingOutcome;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.function.DoubleConsumer;
import org.jspecify.annotations.Nullable;

/** One job on its way: data, teacher, soft targets, twin, student, measurement, files. */
final class PipelineRun {

  /** Stands for the teacher of a training without one. */
  private static final String NOBODY = "";

  private final Datasets datasets;
  private final ModelLoader loader;
  private final SoftTargetStore store;
  private final String version;
  private final JobSpec spec;
  private final PipelineContext context;
  private final MetricLog metrics;
  private final Instant startedAt = Instant.now();

  PipelineRun(
      Datasets datasets,
      ModelLoader loader,
      SoftTargetStore store,
      String version,
      JobSpec spec,
      PipelineContext context) {
    this.datasets = datasets;
    this.loader = loader;
    this.store = store;
    this.version = version;
    this.spec = spec;
    this.context = context;
    this.metrics = new MetricLog(context);
  }

  PipelineOutcome execute() {
    context.phase(Phase.PREPARING);
    JobData read = JobData.prepare(datasets, spec, context.cancellation());
    PreparedDataset data = read.rows();
    try {
      Plan plan = plan(read);
      store.checkFits(plan.softTargetBytes(data));
      context.planned(plan.spec());
      context.needs(MemoryEstimate.of(plan, data.train().size()));
      announce(data);
      announce(plan.teacher());
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

  private Plan plan(JobData read) {
    FeatureScaling scaling =
        spec.dataset().standardize() ? FeatureStatistics.of(read.rows().train()) : null;
    return Plan.of(spec, read, scaling, context::model, loader);
  }

  /** The parts of {@link #distill} that other workers can do, in its order. */
  void help() {
    JobData read = JobData.prepare(datasets, spec, context.cancellation());
    Plan plan = plan(read);
    if (plan.teacher() instanceof TeacherPlan.Untrained) {
      return;
    }
    try (JobTeacher teacher = open(plan.teacher(), read.rows(), targets(plan))) {
      teacher.label(Part.VALIDATION, d -> {}).close();
      teacher.label(Part.TRAIN, TermTaps.ofTeacher(plan.spec()), d -> {}).close();
      teacher.label(Part.TEST, d -> {}).close();
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

  /** How another framework's model is read, as far as that was found out here. */
  private void announce(TeacherPlan teacher) {
    if (teacher instanceof TeacherPlan.Foreign foreign) {
      Reading reading = foreign.reading();
      announce(reading.output(), reading.kind(), reading.classes());
    } else if (teacher instanceof TeacherPlan.Remote remote) {
      RemoteReading reading = remote.reading();
      announce(reading.output(), reading.kind(), reading.classes());
    } else if (teacher instanceof TeacherPlan.Given given) {
      announce(given);
    }
  }

  private void announce(TeacherPlan.Given given) {
    context.event(
        PipelineContext.Level.INFO,
        "The soft targets are read as %s of %d classes."
            .formatted(given.kind().name().toLowerCase(Locale.ROOT), given.classes().size()),
        Map.of("classes", given.classes(), "files", given.files()));
  }

  private void announce(String output, OutputKind kind, List<String> classes) {
    context.event(
        PipelineContext.Level.INFO,
        "The teacher's output `%s` is read as %s of %d classes."
            .formatted(output, kind.name().toLowerCase(Locale.ROOT), classes.size()),
        Map.of("output", output, "classes", classes));
  }

  private PipelineOutcome train(
      PreparedDataset data, Plan plan, Outputs outputs, WorkEstimate work, ProgressPlan progress)
      throws IOException {
    Trained trained = teach(data, untrained(plan), progress.next(work.teaching()));
    context.phase(Phase.EVALUATING);
    TeacherPlan ready = new TeacherPlan.Network(trained.model());
    try (JobTeacher teacher = open(ready, data, targets(plan));
        Examination exam = Examination.without(data.test(), context);
        SoftTargets forTest = teacher.label(Part.TEST, d -> {})) {
      outputs.teacher(
          teacher.size(), exam.of(forTest, data.info().classes(), teacher.latency()), trained);
    }
    return outputs.write(metrics, null, null);
  }

  private PipelineOutcome distill(
      PreparedDataset data, Plan plan, Outputs outputs, WorkEstimate work, ProgressPlan progress)
      throws IOException {
    Trained trained = null;
    TeacherPlan ready = plan.teacher();
    DoubleConsumer teaching = progress.next(work.teaching());
    if (ready instanceof TeacherPlan.Untrained untrained) {
      trained = teach(data, untrained.definition(), teaching);
      ready = new TeacherPlan.Network(trained.model());
    }
    context.phase(Phase.LABELLING);
    DoubleConsumer labelling = progress.next(work.labelling());
    JobTargets targets = targets(plan);
    try (JobTeacher teacher = open(ready, data, targets);
        SoftTargets forValidation = teacher.label(Part.VALIDATION, d -> {})) {
      TeacherCheck check = TeacherCheck.of(forValidation, data);
      check.announce(context);
      List<String> taps = TermTaps.ofTeacher(plan.spec());
      try (TaughtRows forTrain = teacher.label(Part.TRAIN, taps, labelling);
          SoftTargets forTest = forTest(teacher)) {
        targets.announce();
        outputs.softTargets(targets.facts());
        DistillationTargets taught =
            new DistillationTargets(
                forTrain.logits(),
                forValidation,
                forTrain.taps(),
                neighbours(plan, forTrain, progress.next(work.neighbours())));
        String teachers =
            String.join(",", targets.facts().teachers())
                + ready.files().stream().map(GivenRows.File::fingerprint).toList();
        Students students = fitStudents(data, plan, taught, teachers, work, progress);
        context.phase(Phase.EVALUATING);
        try (Examination exam = Examination.against(forTest, data.test(), context)) {
          if (forTest != null) {
            outputs.teacher(
                teacher.size(),
                exam.of(forTest, data.info().classes(), teacher.latency()),
                trained);
          }
          McNemarTest test = examine(students, exam, data, outputs);
          return outputs.write(metrics, test, check);
        }
      }
    }
  }

  /** What the teacher says of the test part; null where nothing was given for it. */
  private @Nullable SoftTargets forTest(JobTeacher teacher) {
    if (teacher.knows(Part.TEST)) {
      return teacher.label(Part.TEST, d -> {});
    }
    context.event(
        PipelineContext.Level.WARNING,
        "No soft targets were given for the rows of `dataset.test` (`softTargets.test`), so the"
            + " report has no figures of the teacher and no agreement with it.",
        Map.of());
    return null;
  }

  /** Of the rows that are trained on; null where batches are shuffled. */
  private @Nullable Neighbours neighbours(Plan plan, TaughtRows rows, DoubleConsumer progress) {
    BatchingSpec batching = plan.spec().training().batching();
    if (!batching.neighbours()) {
      return null;
    }
    context.phase(Phase.NEIGHBOURS);
    context.event(
        PipelineContext.Level.INFO,
        "Batches bring together the %d nearest rows by the teacher's `%s`; the twin's stay shuffled."
            .formatted(batching.k(), batching.tap()),
        Map.of("k", batching.k(), "tap", batching.tap()));
    SoftTargets vectors =
        rows.taps().stream()
            .filter(tap -> tap.tap().name().equals(batching.tap()))
            .map(TeacherTap::values)
            .findFirst()
            .orElse(rows.logits());
    return Neighbours.of(vectors, batching.k(), context.cancellation(), progress);
  }

  /** The two that are compared; no twin where none was asked for. */
  private record Students(Trained student, @Nullable Trained twin) {}

  private Students fitStudents(
      PreparedDataset data,
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
              data,
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
      net = stage(stage, training, net, data, targets, teachers, done);
    }
    DoubleConsumer done = progress.next(work.student());
    return new Students(
        fit("student", net, data, targets, objective, training, teachers, done), twin);
  }

  /** The student as a stage leaves it: at its end, as there is no best epoch to an initial loss. */
  private StudentPlan stage(
      StageSpec stage,
      TrainingSpec training,
      StudentPlan net,
      PreparedDataset data,
      DistillationTargets targets,
      String teachers,
      DoubleConsumer progress) {
    String role = "student." + stage.name();
    Trained trained =
        fit(
            role,
            net,
            data,
            targets,
            stage.objective(),
            stage.training(training),
            teachers,
            progress);
    return new StudentPlan(net.definition(), trained.outcome().last());
  }

  private static @Nullable McNemarTest examine(
      Students students, Examination exam, PreparedDataset data, Outputs outputs)
      throws IOException {
    Examination.Marks marks = exam.of(students.student().model(), data.info().classes());
    outputs.student(students.student(), marks);
    if (students.twin() == null) {
      return null;
    }
    Examination.Marks twin = exam.of(students.twin().model(), data.info().classes());
    outputs.twin(students.twin(), twin);
    return McNemarTest.of(marks.measurement().correct(), twin.measurement().correct());
  }

  private static ModelDefinition untrained(Plan plan) {
    return ((TeacherPlan.Untrained) plan.teacher()).definition();
  }

  private JobTeacher open(TeacherPlan ready, PreparedDataset data, JobTargets targets) {
    return new OpenTeacher(data, loader.foreign(), targets, context).open(ready, "teacher");
  }

  private Trained teach(PreparedDataset data, ModelDefinition definition, DoubleConsumer progress) {
    context.phase(Phase.TEACHING);
    TrainingSpec training =
        Objects.requireNonNull(Objects.requireNonNull(spec.teacher()).training());
    return fit(
        "teacher",
        new StudentPlan(definition, null),
        data,
        null,
        ObjectiveSpec.labelsOnly(1, 1),
        training,
        NOBODY,
        progress);
  }

  private Trained fit(
      String role,
      StudentPlan network,
      PreparedDataset data,
      @Nullable DistillationTargets targets,
      ObjectiveSpec objective,
      TrainingSpec training,
      String taughtBy,
      DoubleConsumer progress) {
    TrainingOutcome outcome =
        new Trainer(context.threads(), network.start())
            .train(
                network.definition(),
                data.train(),
                data.validation(),
                targets,
                objective,
                training,
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

  private JobTargets targets(Plan plan) {
    return new JobTargets(
        store,
        Objects.requireNonNull(spec.teacher()).softTargetPrecision(),
        plan.teacher() instanceof TeacherPlan.Untrained ? left -> {} : context::labelling,
        context);
  }

  /** A model that was trained in this job. */
  record Trained(
      TrainedModel model,
      TrainingOutcome outcome,
      ObjectiveSpec objective,
      TrainingSpec training) {}
}
