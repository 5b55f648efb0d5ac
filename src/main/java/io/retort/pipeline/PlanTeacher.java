package io.retort.pipeline;

import io.retort.dataset.DatasetInfo;
import io.retort.dataset.GivenRows;
import io.retort.dataset.Split;
import io.retort.model.Likelihood;
import io.retort.model.ModelDefinition;
import io.retort.model.ModelFormat;
import io.retort.model.StoredModel;
import io.retort.model.TrainedModel;
import io.retort.model.foreign.ForeignModels;
import io.retort.spec.EnsembleMember;
import io.retort.spec.OutputKind;
import io.retort.spec.SoftTargetsSpec;
import io.retort.spec.TeacherSpec;
import io.retort.teacher.Reading;
import io.retort.teacher.RemoteModels;
import io.retort.teacher.RemoteReading;
import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.IntStream;

/** Finds out what a job's teacher is and whether it fits the data. */
final class PlanTeacher {

  private static final int LOOKED_AT = 1_000;

  private final JobData data;
  private final Function<String, StoredModel> registry;
  private final ModelLoader loader;

  PlanTeacher(JobData data, Function<String, StoredModel> registry, ModelLoader loader) {
    this.data = data;
    this.registry = registry;
    this.loader = loader;
  }

  /** How teachers that are there already are found and opened. */
  record ModelLoader(
      Function<StoredModel, TrainedModel> own, ForeignModels foreign, RemoteModels remote) {}

  /**
   * A teacher that is there already.
   *
   * @param resolved the spec with what was found out
   */
  record Found(TeacherPlan plan, TeacherSpec resolved) {}

  /**
   * @param pointer of the teacher in the job's spec
   * @throws io.retort.spec.RetortException where it does not fit the data
   */
  Found find(TeacherSpec spec, String pointer) {
    if (spec.ensemble() != null) {
      return ensemble(spec, spec.ensemble(), pointer);
    }
    if (spec.endpoint() != null) {
      return remote(spec, pointer);
    }
    return spec.softTargets() != null ? given(spec, pointer) : ofRegistry(spec, pointer);
  }

  private Found ofRegistry(TeacherSpec spec, String pointer) {
    StoredModel model = registry.apply(Objects.requireNonNull(spec.model()));
    List<String> classes = data.rows().info().classes();
    if (model.info().format() == ModelFormat.RETORT) {
      TrainedModel network = loader.own().apply(model);
      checkOwn(network.definition(), spec, pointer);
      return new Found(new TeacherPlan.Network(network), spec);
    }
    Reading reading = Reading.of(loader.foreign(), model, spec, dataset(), pointer);
    ClassOrder.checkKnown(reading.classes(), classes, pointer);
    return new Found(
        new TeacherPlan.Foreign(model, reading),
        spec.reading(reading.output(), reading.kind(), reading.classes()));
  }

  private Found remote(TeacherSpec spec, String pointer) {
    RemoteReading reading = loader.remote().inspect(spec, dataset(), pointer);
    ClassOrder.checkKnown(reading.classes(), data.rows().info().classes(), pointer);
    return new Found(
        new TeacherPlan.Remote(reading),
        spec.reading(reading.output(), reading.kind(), reading.classes()));
  }

  private Reading.Dataset dataset() {
    DatasetInfo info = data.rows().info();
    return new Reading.Dataset(info.features(), info.shape(), info.classes());
  }

  private void checkOwn(ModelDefinition teacher, TeacherSpec spec, String pointer) {
    if (spec.output() != null
        || spec.outputKind() != null
        || spec.classes() != null
        || spec.inputs() != null) {
      throw PipelineException.mismatch(
          "does_not_apply",
          pointer,
          "`output`, `outputKind`, `classes` and `inputs` only apply to models of other frameworks;"
              + " this one says all of it itself.");
    }
    int columns = data.rows().info().features().size();
    if (teacher.columns() != columns) {
      throw PipelineException.mismatch(
          "shape_mismatch",
          pointer + "/model",
          "The teacher reads rows of %d features %s, but the dataset has %d."
              .formatted(teacher.columns(), teacher.inputShape(), columns));
    }
    ClassOrder.checkKnown(teacher.classes(), data.rows().info().classes(), pointer);
  }

  private Found given(TeacherSpec spec, String pointer) {
    SoftTargetsSpec source = Objects.requireNonNull(spec.softTargets());
    GivenRows targets = Objects.requireNonNull(data.softTargets().get(source));
    String at = pointer + "/softTargets/" + (source.columns() == null ? "uri" : "columns");
    List<String> dataset = data.rows().info().classes();
    List<String> columns = targets.columns();
    int expected = spec.classes() == null ? dataset.size() : spec.classes().size();
    if (columns.size() != expected) {
      throw PipelineException.mismatch(
          "class_count_mismatch",
          at,
          "There are %d columns of soft targets, but %d classes%s."
              .formatted(
                  columns.size(),
                  expected,
                  spec.classes() == null ? " in the dataset" : " in `classes`"));
    }
    List<String> classes = spec.classes();
    if (classes == null) {
      classes = Set.copyOf(columns).equals(Set.copyOf(dataset)) ? columns : dataset;
    }
    ClassOrder.checkKnown(classes, dataset, pointer);
    OutputKind kind = spec.outputKind() == null ? kind(targets.train()) : spec.outputKind();
    if (kind == OutputKind.PROBABILITIES) {
      new ProbabilityCheck(pointer).of(targets);
    }
    return new Found(
        new TeacherPlan.Given(targets, kind, classes), spec.reading(null, kind, classes));
  }

  private static OutputKind kind(Split targets) {
    int rows = Math.min(LOOKED_AT, targets.size());
    float[] values = new float[rows * targets.columns()];
    targets.gather(IntStream.range(0, rows).toArray(), 0, rows, FloatBuffer.wrap(values));
    return Likelihood.inUnitRange(values) && Likelihood.sumToOne(values, targets.columns())
        ? OutputKind.PROBABILITIES
        : OutputKind.LOGITS;
  }

  private Found ensemble(TeacherSpec spec, List<EnsembleMember> members, String pointer) {
    List<TeacherPlan> plans = new ArrayList<>();
    List<EnsembleMember> resolved = new ArrayList<>();
    double total = members.stream().mapToDouble(EnsembleMember::weight).sum();
    for (int i = 0; i < members.size(); i++) {
      EnsembleMember member = members.get(i);
      Found found = find(member.teacher(), pointer + "/ensemble/" + i + "/teacher");
      plans.add(found.plan());
      resolved.add(new EnsembleMember(found.resolved(), member.weight()));
    }
    return new Found(
        new TeacherPlan.Ensemble(
            plans,
            members.stream().map(m -> m.weight() / total).toList(),
            Objects.requireNonNull(spec.averaging())),
        spec.withEnsemble(resolved));
  }
}
