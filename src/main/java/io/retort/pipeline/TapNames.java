package io.retort.pipeline;

import io.retort.model.ModelInfo;
import io.retort.model.StoredModel;
import io.retort.model.TensorInfo;
import io.retort.spec.Architecture;
import io.retort.spec.BatchingSpec;
import io.retort.spec.JobSpec;
import io.retort.spec.Nearest;
import io.retort.spec.ObjectiveSpec;
import io.retort.spec.TermSpec;
import io.retort.teacher.Tap;
import io.retort.training.Networks;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Taps as a job names them. */
final class TapNames {

  private TapNames() {}

  /** What {@link Pipeline#checkTaps} says. */
  static void check(JobSpec spec, Function<String, StoredModel> models) {
    List<String> student = namesOf(spec.student() == null ? null : spec.student().architecture());
    List<String> teacher = List.of();
    if (spec.teacher() != null) {
      teacher =
          spec.teacher().model() == null
              ? namesOf(spec.teacher().architecture())
              : namesOf(models.apply(spec.teacher().model()).info());
    }
    BatchingSpec batching = spec.training().batching();
    if (batching.neighbours() && !batching.tap().equals(BatchingSpec.LOGITS)) {
      check(named(List.of(batching.tap())), teacher, "teacher", "/training/batching/tap");
    }
    for (Map.Entry<String, ObjectiveSpec> objective : spec.objectives().entrySet()) {
      List<TermSpec> terms = objective.getValue().terms();
      for (int i = 0; i < terms.size(); i++) {
        String s = terms.get(i) instanceof TermSpec.OfMany ? "s/" : "";
        String at = objective.getKey() + "/terms/" + i;
        check(named(terms.get(i).studentTaps()), student, "student", at + "/student" + s);
        check(named(terms.get(i).teacherTaps()), teacher, "teacher", at + "/teacher" + s);
      }
    }
  }

  private static void check(List<String> wanted, List<String> known, String whose, String pointer) {
    for (int i = 0; i < wanted.size() && !known.isEmpty(); i++) {
      if (!known.contains(wanted.get(i))) {
        throw unknown(wanted.get(i), known, whose, pointer.endsWith("/") ? pointer + i : pointer);
      }
    }
  }

  private static List<String> namesOf(@Nullable Architecture architecture) {
    return architecture == null ? List.of() : Networks.tapNames(architecture);
  }

  private static List<String> namesOf(ModelInfo model) {
    return model.architecture() == null
        ? model.taps().stream().map(TensorInfo::name).toList()
        : namesOf(model.architecture());
  }

  /** Names of the teacher's taps that a job with chosen taps reads, each once. */
  static List<String> ofTeacher(JobSpec spec) {
    Set<String> names = new LinkedHashSet<>();
    for (ObjectiveSpec objective : spec.objectives().values()) {
      objective.featureTerms().forEach(term -> names.addAll(term.teacherTaps()));
    }
    BatchingSpec batching = spec.training().batching();
    if (batching.neighbours() && !batching.tap().equals(BatchingSpec.LOGITS)) {
      names.add(batching.tap());
    }
    return List.copyOf(names);
  }

  /** None where they are to be chosen. */
  static List<String> named(List<String> taps) {
    return taps.equals(List.of(TermSpec.AUTO)) ? List.of() : taps;
  }

  /**
   * The tap of a name.
   *
   * @param whose as a message calls the network
   * @throws PipelineException where there is none; names the nearest
   */
  static Tap find(List<Tap> taps, String name, String whose, String pointer) {
    List<String> names = taps.stream().map(Tap::name).toList();
    return taps.stream()
        .filter(tap -> tap.name().equals(name))
        .findFirst()
        .orElseThrow(() -> unknown(name, names, whose, pointer));
  }

  private static PipelineException unknown(
      String name, List<String> names, String whose, String pointer) {
    return PipelineException.mismatch(
        "unknown_tap",
        pointer,
        "The %s has no tap `%s`%s It has: %s."
            .formatted(whose, name, hint(name, names), ClassOrder.shortened(names)));
  }

  private static String hint(String name, List<String> names) {
    String hint = Nearest.hint(name, names);
    return hint.isEmpty() ? "." : hint;
  }
}
