package io.retort.teacher;

import io.retort.model.ModelInfo;
import io.retort.model.OutputInfo;
import io.retort.model.OutputInfo.Kind;
import io.retort.model.StoredModel;
import io.retort.model.TensorInfo;
import io.retort.model.foreign.ForeignModel;
import io.retort.model.foreign.ForeignModels;
import io.retort.model.foreign.Opening;
import io.retort.spec.OutputKind;
import io.retort.spec.TeacherSpec;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * How a foreign model is read as a teacher of a dataset: what is fed, which output is taken and
 * what it means. Everything is decided and checked here, before anything is trained.
 *
 * @param output name of the tensor that is taken
 * @param width its numbers for one row
 * @param kind what they are
 * @param classes names in the order of the logits
 */
public record Reading(
    List<Feed> feeds, String output, int width, OutputKind kind, List<String> classes) {

  /** A dataset as far as a teacher is concerned. */
  public record Dataset(List<String> features, List<Integer> shape, List<String> classes) {}

  /**
   * @param pointer of the teacher in the spec
   * @throws TeacherException where model, spec and dataset contradict each other
   */
  public static Reading of(
      ForeignModels models, StoredModel model, TeacherSpec spec, Dataset dataset, String pointer) {
    List<Feed> feeds =
        Feed.of(
            model.info(),
            spec.inputs(),
            new Feed.Table(dataset.features(), dataset.shape()),
            pointer);
    String output = output(model.info(), spec, dataset.classes().size(), pointer);
    int width = width(models, model, feeds, output);
    List<String> classes = classes(model.info(), spec, width, dataset.classes(), pointer);
    return new Reading(feeds, output, width, kind(model.info(), spec, output), classes);
  }

  private static String output(ModelInfo model, TeacherSpec spec, int classes, String pointer) {
    String asked = spec.output();
    if (asked != null) {
      boolean known =
          model.outputs().stream().anyMatch(o -> o.name().equals(asked) && o.kind() != Kind.LABEL)
              || model.taps().stream().anyMatch(t -> t.name().equals(asked));
      if (!known) {
        throw TeacherException.mismatch(
            "unknown_output",
            pointer + "/output",
            "The model has no output or tap `%s` that holds logits or probabilities; its outputs are %s."
                .formatted(asked, model.outputs().stream().map(OutputInfo::name).toList()));
      }
      return asked;
    }
    List<OutputInfo> candidates =
        model.outputs().stream().filter(o -> o.kind() != Kind.LABEL).toList();
    List<OutputInfo> fitting = candidates.stream().filter(o -> fits(o, classes)).toList();
    List<OutputInfo> left = fitting.isEmpty() ? candidates : fitting;
    Optional<OutputInfo> logits = left.stream().filter(o -> o.kind() == Kind.LOGITS).findFirst();
    return logits.orElse(left.get(0)).name();
  }

  private static boolean fits(OutputInfo output, int classes) {
    int width = output.shape().stream().reduce(1, (a, b) -> a * b);
    return width == classes || (width == 1 && classes == 2);
  }

  /** As the model says; where it leaves that open, it is asked to compute. */
  private static int width(
      ForeignModels models, StoredModel model, List<Feed> feeds, String output) {
    for (OutputInfo o : model.info().outputs()) {
      if (o.name().equals(output) && o.shape().stream().allMatch(side -> side > 0)) {
        return o.shape().stream().reduce(1, Math::multiplyExact);
      }
    }
    for (TensorInfo tap : model.info().taps()) {
      if (tap.name().equals(output)) {
        return tap.size();
      }
    }
    Opening opening = new Opening(feeds.stream().map(Feed::shape).toList(), List.of(output), 1);
    try (ForeignModel open = models.open(model.file(), opening)) {
      return open.outputs().get(0).size();
    }
  }

  private static OutputKind kind(ModelInfo model, TeacherSpec spec, String output) {
    if (spec.outputKind() != null) {
      return spec.outputKind();
    }
    return model.outputs().stream()
            .anyMatch(o -> o.name().equals(output) && o.kind() == Kind.PROBABILITIES)
        ? OutputKind.PROBABILITIES
        : OutputKind.LOGITS;
  }

  private static List<String> classes(
      ModelInfo model, TeacherSpec spec, int width, List<String> dataset, String pointer) {
    int count = width == 1 ? 2 : width;
    @Nullable List<String> asked = spec.classes();
    if (asked != null) {
      if (asked.size() != count) {
        throw TeacherException.mismatch(
            "class_count_mismatch",
            pointer + "/classes",
            "The teacher gives %d classes, but `classes` names %d.".formatted(count, asked.size()));
      }
      return asked;
    }
    if (model.classes().size() == count) {
      return model.classes();
    }
    if (count != dataset.size()) {
      throw TeacherException.mismatch(
          "class_count_mismatch",
          pointer + "/model",
          "The teacher gives %d classes and names none, but the dataset has %d; say which they are in `classes`."
              .formatted(count, dataset.size()));
    }
    return dataset;
  }
}
