package io.retort.pipeline;

import io.retort.dataset.Datasets;
import io.retort.dataset.GivenRows;
import io.retort.dataset.PreparedDataset;
import io.retort.evaluation.McNemarTest;
import io.retort.model.FeatureScaling;
import io.retort.model.ModelDefinition;
import io.retort.neighbours.Neighbours;
import io.retort.pipeline.JobTeacher.Part;
import io.retort.pipeline.PlanTeacher.ModelLoader;
import io.retort.pipeline.Trainings.Students;
import io.retort.pipeline.Trainings.Trained;
import io.retort.spec.Architecture;
import io.retort.spec.BatchingSpec;
import io.retort.spec.JobSpec;
import io.retort.spec.JobType;
import io.retort.spec.OutputKind;
import io.retort.spec.Phase;
import io.retort.targets.SoftTargetStore;
import io.retort.teacher.Reading;
import io.retort.teacher.RemoteReading;
import io.retort.teacher.SoftTargets;
import io.retort.training.DistillationTargets;
import io.retort.training.TeacherTap;
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

  /** Red, green, blue, and how opaque it is. */
  private static final int COLOURS = 4;

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
      LeftToData left = LeftToData.decide(spec, data.train());
      Plan plan = plan(left, read);
      store.checkFits(plan.softTargetBytes(data));
      context.planned(plan.spec());
      context.needs(MemoryEstimate.of(plan, data.train().size()));
      announce(data);
      warnOfChannelsLast(plan.spec(), data.info().shape());
      left.announce(context);
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

  private Plan plan(LeftToData left, JobData read) {
    FeatureScaling scaling = left.scaling(read.rows().train());
    return Plan.of(left.spec(), read, scaling, context::model, loader);
  }

  /** The parts of {@link #distill} that other workers can do, in its order. */
  void help() {
    JobData read = JobData.prepare(datasets, spec, context.cancellation());
    Plan plan = plan(LeftToData.decide(spec, read.rows().train()), read);
    if (plan.teacher() instanceof TeacherPlan.Untrained) {
      return;
    }
    try (JobTeacher teacher = open(plan.teacher(), read.rows(), targets(plan))) {
      teacher.label(Part.VALIDATION, d -> {}).close();
      teacher.label(Part.TRAIN, TapNames.ofTeacher(plan.spec()), d -> {}).close();
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

  /** To networks of our own, which slide over the last two sides, that makes a difference. */
  private void warnOfChannelsLast(JobSpec spec, List<Integer> shape) {
    boolean looksLikeIt = shape.size() == 3 && shape.get(2) <= COLOURS && shape.get(0) > COLOURS;
    boolean slides =
        (spec.teacher() != null && slides(spec.teacher().architecture()))
            || (spec.student() != null && slides(spec.student().architecture()));
    if (looksLikeIt && slides) {
      context.event(
          PipelineContext.Level.WARNING,
          ("Rows of shape %s are read as %d channels of %d x %d. If they are images with their"
                  + " channels last, put the channels first (NumPy: x.transpose(0, 3, 1, 2)).")
              .formatted(shape, shape.get(0), shape.get(1), shape.get(2)),
          Map.of("shape", shape));
    }
  }

  private static boolean slides(@Nullable Architecture network) {
    return network instanceof Architecture.Cnn2d || network instanceof Architecture.Resnet;
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
    Trained trained =
        trainings(plan, data).teacher(untrained(plan), progress.next(work.teaching()));
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
    Trainings trainings = trainings(plan, data);
    Trained trained = null;
    TeacherPlan ready = plan.teacher();
    DoubleConsumer teaching = progress.next(work.teaching());
    if (ready instanceof TeacherPlan.Untrained untrained) {
      trained = trainings.teacher(untrained.definition(), teaching);
      ready = new TeacherPlan.Network(trained.model());
    }
    context.phase(Phase.LABELLING);
    DoubleConsumer labelling = progress.next(work.labelling());
    JobTargets targets = targets(plan);
    try (JobTeacher teacher = open(ready, data, targets);
        SoftTargets forValidation = teacher.label(Part.VALIDATION, d -> {})) {
      TeacherCheck check = TeacherCheck.of(forValidation, data);
      check.announce(context);
      List<String> taps = TapNames.ofTeacher(plan.spec());
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
        Students students = trainings.students(plan, taught, teachers, work, progress);
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

  private Trainings trainings(Plan plan, PreparedDataset data) {
    return new Trainings(plan.spec(), data, context, metrics);
  }

  private JobTargets targets(Plan plan) {
    return new JobTargets(
        store,
        Objects.requireNonNull(spec.teacher()).softTargetPrecision(),
        plan.teacher() instanceof TeacherPlan.Untrained ? left -> {} : context::labelling,
        context);
  }
}
