package io.retort.pipeline;

import io.retort.dataset.Split;
import io.retort.spec.Precision;
import io.retort.targets.LabelledParts;
import io.retort.targets.SoftTargetStore;
import io.retort.teacher.Teacher;
import io.retort.training.TeacherTap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.DoubleConsumer;

/**
 * What a job's teachers say of its rows, from the store as far as it is known there, and how much
 * that was.
 */
final class JobTargets {

  private final SoftTargetStore store;
  private final Precision precision;
  private final PipelineContext context;
  private final Set<String> teachers = new LinkedHashSet<>();
  private long rows;
  private long known;
  private long computed;
  private double largestRounding;

  JobTargets(SoftTargetStore store, Precision precision, PipelineContext context) {
    this.store = store;
    this.precision = precision;
    this.context = context;
  }

  /**
   * How a job came by its soft targets, all teachers and parts taken together.
   *
   * @param teachers fingerprints
   * @param known rows that no teacher had to compute
   * @param computed rows that one did compute
   * @param largestRounding largest absolute difference between a number as computed and as stored;
   *     0 in float32
   */
  record Facts(
      List<String> teachers,
      Precision precision,
      long rows,
      long known,
      long computed,
      double largestRounding) {}

  /**
   * Lets a teacher compute what the store does not know. Closing the result lets the store remove
   * it again.
   *
   * @param classes the dataset's, which is the order of the logits that are returned
   * @param progress told the share of rows that is done, 0..1
   */
  TaughtRows label(Teacher teacher, Split part, List<String> classes, DoubleConsumer progress) {
    LabelledParts labelled =
        store.label(teacher, List.of(part), precision, context.cancellation(), progress);
    LabelledParts.Summary s = labelled.summary();
    teachers.add(teacher.fingerprint());
    rows += s.rows();
    known += s.known();
    computed += s.computed();
    largestRounding = Math.max(largestRounding, s.largestRounding());
    return new TaughtRows(
        OrderedTargets.of(labelled, teacher.classes(), classes),
        teacher.taps().stream()
            .map(
                tap ->
                    new TeacherTap(
                        tap, Objects.requireNonNull(labelled.part(0).taps().get(tap.name()))))
            .toList());
  }

  Facts facts() {
    return new Facts(List.copyOf(teachers), precision, rows, known, computed, largestRounding);
  }

  /** Tells the user how much of the teacher's work was done before; nothing where there is none. */
  void announce() {
    if (rows == 0) {
      return;
    }
    String rounding =
        precision == Precision.FLOAT32
            ? "."
            : String.format(
                Locale.ROOT, "; float16 changed no number by more than %.3g.", largestRounding);
    context.event(
        PipelineContext.Level.INFO,
        String.format(
                Locale.ROOT,
                "Labelled %,d rows: %,d known, %,d computed by the teacher",
                rows,
                known,
                computed)
            + rounding,
        Map.of(
            "rows",
            rows,
            "known",
            known,
            "computed",
            computed,
            "largestRounding",
            largestRounding));
  }
}
