package io.retort.pipeline;

import io.retort.dataset.PreparedDataset;
import io.retort.model.FeatureScaling;
import io.retort.model.ModelDefinition;
import io.retort.model.TrainedModel;
import io.retort.spec.Architecture;
import io.retort.spec.DatasetSpec;
import io.retort.spec.JobSpec;
import io.retort.spec.JobType;
import io.retort.targets.SoftTargetStore;
import io.retort.training.Formula;
import io.retort.training.NetworkSize;
import io.retort.training.Networks;
import java.util.List;
import java.util.Objects;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A spec and its data brought together: every network's definition, checked to fit, before anything
 * is computed.
 *
 * @param spec resolved, with the format and shape that the data turned out to have
 * @param teacherModel null where the teacher is trained in the job
 * @param teacher definition of the teacher
 * @param student null for {@code train} jobs
 */
record Plan(
    JobSpec spec,
    @Nullable TrainedModel teacherModel,
    ModelDefinition teacher,
    @Nullable ModelDefinition student) {

  /**
   * @param models finds models of the registry by id
   * @throws PipelineException where teacher and data do not fit each other
   * @throws io.retort.training.TrainingException where an architecture does not fit the rows
   */
  static Plan of(
      JobSpec spec,
      PreparedDataset data,
      @Nullable FeatureScaling scaling,
      Function<String, TrainedModel> models) {
    List<Integer> shape = data.info().shape();
    List<String> classes = data.info().classes();
    var teacherSpec = Objects.requireNonNull(spec.teacher(), "a read spec has a teacher");
    TrainedModel model = teacherSpec.model() == null ? null : models.apply(teacherSpec.model());
    ModelDefinition teacher;
    if (model == null) {
      Architecture architecture = Objects.requireNonNull(teacherSpec.architecture());
      teacher = new ModelDefinition(architecture, shape, classes, scaling);
      Networks.check(teacher, "/teacher/architecture");
    } else {
      teacher = model.definition();
      checkFits(teacher, data);
    }
    ModelDefinition student = null;
    if (spec.student() != null) {
      student = new ModelDefinition(spec.student().architecture(), shape, classes, scaling);
      Networks.check(student, "/student/architecture");
    }
    return new Plan(withFindings(spec, data), model, teacher, student);
  }

  private static void checkFits(ModelDefinition teacher, PreparedDataset data) {
    int columns = data.info().features().size();
    if (teacher.columns() != columns) {
      throw PipelineException.mismatch(
          "shape_mismatch",
          "/teacher/model",
          "The teacher reads rows of %d features %s, but the dataset has %d."
              .formatted(teacher.columns(), teacher.inputShape(), columns));
    }
    ClassOrder.checkKnown(teacher.classes(), data.info().classes());
  }

  private static JobSpec withFindings(JobSpec spec, PreparedDataset data) {
    DatasetSpec d = spec.dataset();
    DatasetSpec found =
        new DatasetSpec(
            d.uri(),
            data.info().format(),
            d.label(),
            d.features(),
            data.info().shape(),
            d.labels(),
            d.standardize(),
            d.split(),
            d.validation(),
            d.test());
    return new JobSpec(
        spec.type(),
        spec.name(),
        spec.labels(),
        spec.priority(),
        found,
        spec.teacher(),
        spec.student(),
        spec.objective(),
        spec.training(),
        spec.evaluation());
  }

  /** The loss as text. */
  static String formula(JobSpec spec) {
    return spec.type() == JobType.TRAIN
        ? Formula.of(io.retort.spec.ObjectiveSpec.labelsOnly(1, 1))
        : Formula.of(spec.objective());
  }

  Inspection inspection(PreparedDataset data) {
    return new Inspection(
        spec,
        new Inspection.Facts(
            data.info(),
            new Inspection.Parts(data.train().size(), data.validation().size(), data.test().size()),
            NetworkSize.of(teacher),
            student == null ? null : NetworkSize.of(student),
            student == null ? 0 : softTargetBytes(data)));
  }

  private long softTargetBytes(PreparedDataset data) {
    return SoftTargetStore.bytes(
        data.info().rows(),
        teacher.classes().size(),
        Objects.requireNonNull(spec.teacher()).softTargets());
  }
}
