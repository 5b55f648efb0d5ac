package io.retort.pipeline;

import io.retort.model.ModelInfo;
import io.retort.model.StoredModel;
import io.retort.model.TensorInfo;
import io.retort.neighbours.Neighbours;
import io.retort.spec.Architecture;
import io.retort.spec.BatchingSpec;
import io.retort.spec.FeatureTerm;
import io.retort.spec.JobSpec;
import io.retort.spec.Method;
import io.retort.spec.Nearest;
import io.retort.spec.ObjectiveSpec;
import io.retort.spec.TermSpec;
import io.retort.teacher.Tap;
import io.retort.training.Networks;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Chooses and checks the tensors that an objective's terms read. Left to choose, a term pairs the
 * penultimate features, and of maps the last ones of every resolution that both networks have.
 */
final class TermTaps {

  private static final String PENULTIMATE = "penultimate";
  private static final String BEFORE_ACTIVATION = ".pre";

  private final List<Tap> student;
  private final List<Tap> teacher;
  private final int batch;

  /**
   * @param teacher none where the teacher has none to give
   * @param batch rows of a full batch
   */
  TermTaps(List<Tap> student, List<Tap> teacher, int batch) {
    this.student = student.stream().map(TermTaps::asMap).toList();
    this.teacher = teacher.stream().map(TermTaps::asMap).toList();
    this.batch = batch;
  }

  private record Pair(Tap student, Tap teacher) {}

  /** A tensor over one axis is a map of height 1. */
  private static Tap asMap(Tap tap) {
    return tap.shape().size() == 2
        ? new Tap(tap.name(), List.of(tap.shape().get(0), 1, tap.shape().get(1)))
        : tap;
  }

  /**
   * The objective with every tap named.
   *
   * @param pointer of the objective in the job's spec
   * @throws PipelineException where a tap does not exist or does not suit its term
   */
  ObjectiveSpec choose(ObjectiveSpec objective, String pointer) {
    List<TermSpec> chosen = new ArrayList<>();
    for (int i = 0; i < objective.terms().size(); i++) {
      chosen.add(choose(objective.terms().get(i), pointer + "/terms/" + i));
    }
    return objective.withTerms(chosen);
  }

  /**
   * Batches of neighbours with their tap named.
   *
   * @param rows that are trained on
   * @throws PipelineException where the tap does not exist or is too large
   */
  BatchingSpec choose(BatchingSpec batching, int classes, int rows) {
    if (!batching.neighbours()) {
      return batching;
    }
    String pointer = "/training/batching/tap";
    String name = batching.tap();
    if (name.equals(TermSpec.AUTO)) {
      List<Tap> features = lastFeatures(teacher);
      name = features.isEmpty() ? BatchingSpec.LOGITS : features.get(0).name();
    }
    int width =
        name.equals(BatchingSpec.LOGITS) ? classes : find(teacher, name, "teacher", pointer).size();
    long bytes = Neighbours.bytes(rows, width);
    if (bytes > Neighbours.MOST_BYTES) {
      throw refused(
          "too_many_rows",
          pointer,
          "Finding neighbours holds `%s` of every row in memory: %,d numbers of %,d rows take %,d MiB, and at most %d are; `logits` are smaller."
              .formatted(name, width, rows, bytes >> 20, Neighbours.MOST_BYTES >> 20));
    }
    return new BatchingSpec(batching.type(), batching.k(), name);
  }

  private TermSpec choose(TermSpec term, String pointer) {
    if (batch < term.method().minBatch()) {
      throw refused(
          "batch_too_small",
          pointer,
          "`%s` needs batches of at least %d rows, but they have %d."
              .formatted(term.type(), term.method().minBatch(), batch));
    }
    if (term.readsOnlyLogits()) {
      return term;
    }
    if (teacher.isEmpty()) {
      throw refused(
          "no_taps",
          pointer,
          "`%s` reads tensors of the teacher, and this teacher gives none but its logits; use a"
                  .formatted(term.type())
              + " network as the teacher, or a term on logits.");
    }
    if (student.isEmpty()) {
      throw refused(
          "no_taps",
          pointer,
          "`%s` reads tensors of the student, and a network of one layer has none but its logits."
              .formatted(term.type()));
    }
    List<Pair> pairs = pairs(term, pointer);
    pairs.forEach(pair -> checkShape(term, pair, pointer));
    checkStages(term, pairs, pointer);
    return term.withTaps(
        pairs.stream().map(pair -> pair.student().name()).toList(),
        pairs.stream().map(pair -> pair.teacher().name()).toList());
  }

  private List<Pair> pairs(TermSpec term, String pointer) {
    List<String> ours = named(term.studentTaps());
    List<String> theirs = named(term.teacherTaps());
    if (ours.isEmpty() && theirs.isEmpty()) {
      return automatic(term, pointer);
    }
    boolean many = term instanceof TermSpec.OfMany;
    if (ours.size() != theirs.size()) {
      if (many) {
        throw refused(
            "taps_unpaired",
            pointer + "/teachers",
            "`students` and `teachers` are pairs: %d of the one stand beside %d of the other."
                .formatted(ours.size(), theirs.size()));
      }
      Pair automatic = automatic(term, pointer).get(0);
      ours = ours.isEmpty() ? List.of(automatic.student().name()) : ours;
      theirs = theirs.isEmpty() ? List.of(automatic.teacher().name()) : theirs;
    }
    List<Pair> pairs = new ArrayList<>();
    for (int i = 0; i < ours.size(); i++) {
      String at = many ? "s/" + i : "";
      pairs.add(
          new Pair(
              find(student, ours.get(i), "student", pointer + "/student" + at),
              find(teacher, theirs.get(i), "teacher", pointer + "/teacher" + at)));
    }
    return pairs;
  }

  private static List<String> named(List<String> taps) {
    return taps.equals(List.of(TermSpec.AUTO)) ? List.of() : taps;
  }

  private static Tap find(List<Tap> taps, String name, String whose, String pointer) {
    List<String> names = taps.stream().map(Tap::name).toList();
    return taps.stream()
        .filter(tap -> tap.name().equals(name))
        .findFirst()
        .orElseThrow(() -> unknown(name, names, whose, pointer));
  }

  private static PipelineException unknown(
      String name, List<String> names, String whose, String pointer) {
    return refused(
        "unknown_tap",
        pointer,
        "The %s has no tap `%s`%s It has: %s."
            .formatted(whose, name, hint(name, names), ClassOrder.shortened(names)));
  }

  private static String hint(String name, List<String> names) {
    String hint = Nearest.hint(name, names);
    return hint.isEmpty() ? "." : hint;
  }

  private List<Pair> automatic(TermSpec term, String pointer) {
    List<Pair> maps = maps();
    List<Pair> found =
        switch (term.method().taps()) {
          case LOGITS -> List.<Pair>of();
          case FEATURES -> features();
          case MAP -> maps.isEmpty() ? maps : maps.subList(maps.size() - 1, maps.size());
          case MAPS -> maps;
          case MAPS_OR_FEATURES -> maps.isEmpty() ? features() : maps;
          case PREACTIVATIONS -> preactivations(maps);
        };
    if (found.isEmpty()) {
      throw refused(
          "no_matching_taps",
          pointer,
          "`%s` found no pair of tensors to compare%s; name them. Student: %s. Teacher: %s."
              .formatted(term.type(), needed(term), described(student), described(teacher)));
    }
    return found;
  }

  private static String needed(TermSpec term) {
    return switch (term.method().taps()) {
      case MAP, MAPS -> ", as it needs maps of one resolution in both networks";
      case PREACTIVATIONS -> ", as it needs tensors before an activation in both networks";
      default -> "";
    };
  }

  private static String described(List<Tap> taps) {
    return ClassOrder.shortened(taps.stream().map(tap -> tap.name() + " " + tap.shape()).toList());
  }

  /** The last stage of every resolution that both have, from the first to the last. */
  private List<Pair> maps() {
    Map<List<Integer>, Tap> ours = stages(student);
    Map<List<Integer>, Tap> theirs = stages(teacher);
    List<Pair> pairs = new ArrayList<>();
    ours.forEach(
        (resolution, tap) -> {
          Tap other = theirs.get(resolution);
          if (other != null) {
            pairs.add(new Pair(tap, other));
          }
        });
    return pairs;
  }

  private static Map<List<Integer>, Tap> stages(List<Tap> taps) {
    Map<List<Integer>, Tap> stages = new LinkedHashMap<>();
    for (Tap tap : taps) {
      if (isMap(tap) && !tap.name().endsWith(BEFORE_ACTIVATION)) {
        stages.put(tap.shape().subList(1, 3), tap);
      }
    }
    return stages;
  }

  private static boolean isMap(Tap tap) {
    return tap.shape().size() == 3 && tap.shape().get(1) * tap.shape().get(2) > 1;
  }

  private List<Pair> features() {
    List<Tap> ours = lastFeatures(student);
    List<Tap> theirs = lastFeatures(teacher);
    return ours.isEmpty() || theirs.isEmpty()
        ? List.of()
        : List.of(new Pair(ours.get(0), theirs.get(0)));
  }

  /** What is called so, or else the last vector. */
  private static List<Tap> lastFeatures(List<Tap> taps) {
    List<Tap> vectors = taps.stream().filter(tap -> tap.shape().size() == 1).toList();
    List<Tap> named = vectors.stream().filter(tap -> tap.name().equals(PENULTIMATE)).toList();
    return named.isEmpty() && !vectors.isEmpty()
        ? vectors.subList(vectors.size() - 1, vectors.size())
        : named;
  }

  /** Those of the paired maps, or else the last of both. */
  private List<Pair> preactivations(List<Pair> maps) {
    List<Pair> pairs = new ArrayList<>();
    for (Pair map : maps) {
      List<Tap> ours = before(student, map.student().name() + BEFORE_ACTIVATION);
      List<Tap> theirs = before(teacher, map.teacher().name() + BEFORE_ACTIVATION);
      if (!ours.isEmpty() && !theirs.isEmpty()) {
        pairs.add(new Pair(ours.get(0), theirs.get(0)));
      }
    }
    List<Tap> ours = before(student, BEFORE_ACTIVATION);
    List<Tap> theirs = before(teacher, BEFORE_ACTIVATION);
    if (pairs.isEmpty() && !ours.isEmpty() && !theirs.isEmpty()) {
      pairs.add(new Pair(ours.get(ours.size() - 1), theirs.get(theirs.size() - 1)));
    }
    return pairs;
  }

  private static List<Tap> before(List<Tap> taps, String ending) {
    return taps.stream().filter(tap -> tap.name().endsWith(ending)).toList();
  }

  private static void checkShape(TermSpec term, Pair pair, String pointer) {
    for (Tap tap : List.of(pair.student(), pair.teacher())) {
      if (tap.shape().size() != 1 && tap.shape().size() != 3) {
        throw refused(
            "tap_shape",
            pointer,
            "The tap `%s` has shape %s; terms read vectors and maps [channels, height, width]."
                .formatted(tap.name(), tap.shape()));
      }
      Method.Taps wanted = term.method().taps();
      if ((wanted == Method.Taps.MAP || wanted == Method.Taps.MAPS) && !isMap(tap)) {
        throw refused(
            "tap_shape",
            pointer,
            "`%s` compares maps, and the tap `%s` of shape %s is none; `hint` and the relation terms read vectors."
                .formatted(term.type(), tap.name(), tap.shape()));
      }
    }
  }

  private static void checkStages(TermSpec term, List<Pair> pairs, String pointer) {
    if (!(term instanceof FeatureTerm.Flow)) {
      return;
    }
    if (pairs.size() < 2) {
      throw refused(
          "no_matching_taps",
          pointer,
          "`flow` compares how one stage follows another, so it needs two pairs of maps at least.");
    }
    for (Pair pair : pairs) {
      int ours = pair.student().shape().get(0);
      int theirs = pair.teacher().shape().get(0);
      if (ours != theirs) {
        throw refused(
            "channels_differ",
            pointer,
            "`flow` needs as many channels in the student as in the teacher, but `%s` has %d and"
                    .formatted(pair.student().name(), ours)
                + " `%s` has %d; `attention-transfer` and `hint` have no such limit."
                    .formatted(pair.teacher().name(), theirs));
      }
    }
  }

  /** What {@link Pipeline#checkTaps} says. */
  static void checkNames(JobSpec spec, Function<String, StoredModel> models) {
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
      checkNames(named(List.of(batching.tap())), teacher, "teacher", "/training/batching/tap");
    }
    for (Map.Entry<String, ObjectiveSpec> objective : spec.objectives().entrySet()) {
      List<TermSpec> terms = objective.getValue().terms();
      for (int i = 0; i < terms.size(); i++) {
        String s = terms.get(i) instanceof TermSpec.OfMany ? "s/" : "";
        String at = objective.getKey() + "/terms/" + i;
        checkNames(named(terms.get(i).studentTaps()), student, "student", at + "/student" + s);
        checkNames(named(terms.get(i).teacherTaps()), teacher, "teacher", at + "/teacher" + s);
      }
    }
  }

  private static void checkNames(
      List<String> wanted, List<String> known, String whose, String pointer) {
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

  private static PipelineException refused(String code, String pointer, String message) {
    return PipelineException.mismatch(code, pointer, message);
  }
}
