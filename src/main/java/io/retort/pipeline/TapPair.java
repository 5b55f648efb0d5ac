package io.retort.pipeline;

import io.retort.spec.FeatureTerm;
import io.retort.spec.Method;
import io.retort.spec.TermSpec;
import io.retort.teacher.Tap;
import java.util.List;

/** Two tensors that a term compares. */
record TapPair(Tap student, Tap teacher) {

  /**
   * Whether a term can compare these.
   *
   * @param pointer of the term in the job's spec
   * @throws PipelineException where it cannot
   */
  static void check(TermSpec term, List<TapPair> pairs, String pointer) {
    pairs.forEach(pair -> checkShape(term, pair, pointer));
    checkStages(term, pairs, pointer);
  }

  private static void checkShape(TermSpec term, TapPair pair, String pointer) {
    for (Tap tap : List.of(pair.student(), pair.teacher())) {
      if (tap.shape().size() != 1 && tap.shape().size() != 3) {
        throw PipelineException.mismatch(
            "tap_shape",
            pointer,
            "The tap `%s` has shape %s; terms read vectors and maps [channels, height, width]."
                .formatted(tap.name(), tap.shape()));
      }
      Method.Taps wanted = term.method().taps();
      if ((wanted == Method.Taps.MAP || wanted == Method.Taps.MAPS) && !AutomaticTaps.isMap(tap)) {
        throw PipelineException.mismatch(
            "tap_shape",
            pointer,
            "`%s` compares maps, and the tap `%s` of shape %s is none; `hint` and the relation terms read vectors."
                .formatted(term.type(), tap.name(), tap.shape()));
      }
    }
  }

  private static void checkStages(TermSpec term, List<TapPair> pairs, String pointer) {
    if (!(term instanceof FeatureTerm.Flow)) {
      return;
    }
    if (pairs.size() < 2) {
      throw PipelineException.mismatch(
          "no_matching_taps",
          pointer,
          "`flow` compares how one stage follows another, so it needs two pairs of maps at least.");
    }
    for (TapPair pair : pairs) {
      int ours = pair.student().shape().get(0);
      int theirs = pair.teacher().shape().get(0);
      if (ours != theirs) {
        throw PipelineException.mismatch(
            "channels_differ",
            pointer,
            "`flow` needs as many channels in the student as in the teacher, but `%s` has %d and"
                    .formatted(pair.student().name(), ours)
                + " `%s` has %d; `attention-transfer` and `hint` have no such limit."
                    .formatted(pair.teacher().name(), theirs));
      }
    }
  }
}
