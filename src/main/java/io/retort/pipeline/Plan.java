package io.retort.pipeline;

import io.retort.dataset.DatasetInfo;
import io.retort.dataset.PreparedDataset;
import io.retort.model.FeatureScaling;
import io.retort.model.ModelDefinition;
import io.retort.model.StoredModel;
import io.retort.pipeline.PlanTeacher.ModelLoader;
import io.retort.spec.DatasetSpec;
import io.retort.spec.JobSpec;
import io.retort.spec.JobType;
import io.retort.spec.ObjectiveSpec;
import io.retort.spec.StageSpec;
import io.retort.spec.TeacherSpec;
import io.retort.targets.SoftTargetStore;
import io.retort.training.Formula;
import io.retort.training.NetworkSize;
import io.retort.training.Networks;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A spec and its data brought together: every network's definition, checked to fit, before anything
 * is computed.
 *
 * @param spec resolved, with the format and shape that the data turned out to have
 * @param student null for {@code train} jobs
 */
record Plan(JobSpec spec, TeacherPlan teacher, @Nullable StudentPlan student) {

  /**
   * @param registry finds models by id
   * @throws io.retort.spec.RetortException where teacher and data do not fit each other, or an
   *     architecture does not fit the rows
   */
  static Plan of(
      JobSpec spec,
      JobData data,
      @Nullable FeatureScaling scaling,
      Function<String, StoredModel> registry,
      ModelLoader loader) {
    DatasetInfo info = data.rows().info();
    TeacherSpec teacher = Objects.requireNonNull(spec.teacher(), "a read spec has a teacher");
    PlanTeacher.Found found;
    if (teacher.architecture() != null) {
      ModelDefinition network =
          new ModelDefinition(teacher.architecture(), info.shape(), info.classes(), scaling);
      Networks.check(network, "/teacher/architecture");
      found = new PlanTeacher.Found(new TeacherPlan.Untrained(network), teacher);
    } else {
      found = new PlanTeacher(data, registry, loader).find(teacher, "/teacher");
    }
    StudentPlan student =
        spec.student() == null
            ? null
            : StudentPlan.of(spec.student(), info, scaling, registry, loader);
    TermTaps taps =
        new TermTaps(
            student == null ? List.of() : Networks.taps(student.definition()),
            found.plan().taps(),
            Math.min(spec.training().batchSize(), data.rows().train().size()));
    return new Plan(withFindings(spec, data, found.resolved(), taps), found.plan(), student);
  }

  private static JobSpec withFindings(
      JobSpec spec, JobData data, TeacherSpec teacher, TermTaps taps) {
    DatasetSpec d = spec.dataset();
    DatasetInfo info = data.rows().info();
    ContrastRows contrasts = new ContrastRows(data.rows().train());
    DatasetSpec found =
        new DatasetSpec(
            d.uri(),
            info.format(),
            d.label(),
            data.holdsSoftTargets() ? info.features() : d.features(),
            info.shape(),
            d.labels(),
            d.standardize(),
            d.split(),
            d.validation(),
            d.test());
    return spec.resolved(
        found,
        teacher,
        choose(spec.objective(), "/objective", taps, contrasts),
        stages(spec.stages(), taps, contrasts),
        spec.training()
            .withBatching(
                taps.choose(
                    spec.training().batching(),
                    info.classes().size(),
                    data.rows().train().size())));
  }

  private static ObjectiveSpec choose(
      ObjectiveSpec objective, String pointer, TermTaps taps, ContrastRows contrasts) {
    return contrasts.choose(taps.choose(objective, pointer), pointer);
  }

  private static List<StageSpec> stages(
      List<StageSpec> stages, TermTaps taps, ContrastRows contrasts) {
    List<StageSpec> chosen = new ArrayList<>();
    for (int i = 0; i < stages.size(); i++) {
      StageSpec stage = stages.get(i);
      String pointer = "/stages/" + i + "/objective";
      chosen.add(stage.withObjective(choose(stage.objective(), pointer, taps, contrasts)));
    }
    return chosen;
  }

  /** The loss as text. */
  static String formula(JobSpec spec) {
    return spec.type() == JobType.TRAIN
        ? Formula.of(ObjectiveSpec.labelsOnly(1, 1))
        : Formula.of(spec.objective());
  }

  Inspection inspection(PreparedDataset data) {
    return new Inspection(
        spec,
        new Inspection.Facts(
            data.info(),
            new Inspection.Parts(data.train().size(), data.validation().size(), data.test().size()),
            network(teacher),
            student == null ? null : NetworkSize.of(student.definition()),
            softTargetBytes(data),
            MemoryEstimate.of(this, data.train().size())));
  }

  /** Room that the outputs of every teacher take that computes, at most; none to {@code train}. */
  long softTargetBytes(PreparedDataset data) {
    if (student == null) {
      return 0;
    }
    return SoftTargetStore.bytes(
            data.info().rows(),
            teacher.keptNumbers(),
            Objects.requireNonNull(spec.teacher()).softTargetPrecision())
        + tapBytes(data);
  }

  /** Only of the rows that are trained on. */
  private long tapBytes(PreparedDataset data) {
    List<String> read = TapNames.ofTeacher(spec);
    return teacher.taps().stream()
        .filter(tap -> read.contains(tap.name()))
        .mapToLong(
            tap ->
                SoftTargetStore.bytes(
                    data.train().size(),
                    tap.size(),
                    Objects.requireNonNull(spec.teacher()).softTargetPrecision()))
        .sum();
  }

  private static @Nullable NetworkSize network(TeacherPlan teacher) {
    if (teacher instanceof TeacherPlan.Untrained untrained) {
      return NetworkSize.of(untrained.definition());
    }
    return teacher instanceof TeacherPlan.Network network
        ? NetworkSize.of(network.model().definition())
        : null;
  }
}
