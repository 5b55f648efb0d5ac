package io.retort.pipeline;

import io.retort.neighbours.Neighbours;
import io.retort.spec.BatchingSpec;
import io.retort.spec.ObjectiveSpec;
import io.retort.spec.TermSpec;
import io.retort.teacher.Tap;
import java.util.ArrayList;
import java.util.List;

/** Chooses and checks the tensors that an objective's terms read. */
final class TermTaps {

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
      List<Tap> features = AutomaticTaps.lastFeatures(teacher);
      name = features.isEmpty() ? BatchingSpec.LOGITS : features.get(0).name();
    }
    int width =
        name.equals(BatchingSpec.LOGITS)
            ? classes
            : TapNames.find(teacher, name, "teacher", pointer).size();
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
    List<TapPair> pairs = pairs(term, pointer);
    TapPair.check(term, pairs, pointer);
    return term.withTaps(
        pairs.stream().map(pair -> pair.student().name()).toList(),
        pairs.stream().map(pair -> pair.teacher().name()).toList());
  }

  private List<TapPair> pairs(TermSpec term, String pointer) {
    List<String> ours = TapNames.named(term.studentTaps());
    List<String> theirs = TapNames.named(term.teacherTaps());
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
      TapPair automatic = automatic(term, pointer).get(0);
      ours = ours.isEmpty() ? List.of(automatic.student().name()) : ours;
      theirs = theirs.isEmpty() ? List.of(automatic.teacher().name()) : theirs;
    }
    List<TapPair> pairs = new ArrayList<>();
    for (int i = 0; i < ours.size(); i++) {
      String at = many ? "s/" + i : "";
      pairs.add(
          new TapPair(
              TapNames.find(student, ours.get(i), "student", pointer + "/student" + at),
              TapNames.find(teacher, theirs.get(i), "teacher", pointer + "/teacher" + at)));
    }
    return pairs;
  }

  private List<TapPair> automatic(TermSpec term, String pointer) {
    List<TapPair> found = new AutomaticTaps(student, teacher).of(term.method().taps());
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

  private static PipelineException refused(String code, String pointer, String message) {
    return PipelineException.mismatch(code, pointer, message);
  }
}
