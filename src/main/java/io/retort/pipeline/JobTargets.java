package io.retort.pipeline;

import io.retort.dataset.Split;
import io.retort.spec.Precision;
import io.retort.targets.LabelledParts;
import io.retort.targets.SoftTargetStore;
import io.retort.teacher.Teacher;
import io.retort.training.TeacherTap;
import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.DoubleConsumer;

/**
 * What a job's teachers say of its rows, from the store as far as it is known there, and how much
 * that was.
 */
final class JobTargets {

  private final SoftTargetStore store;
  private final Precision precision;
  private final Consumer<Duration> left;
  private final PipelineContext context;
  private final Set<String> teachers = new LinkedHashSet<>();
  private long rows;
  private long known;
  private long computed;
  private long elsewhere;
  private double largestRounding;

  /**
   * @param left told how long a labelling will still take, as it looks
   */
  JobTargets(
      SoftTargetStore store,
      Precision precision,
      Consumer<Duration> left,
      PipelineContext context) {
    this.store = store;
    this.precision = precision;
    this.left = left;
    this.context = context;
  }

  /**
   * How a job came by its soft targets, all teachers and parts taken together.
   *
   * @param teachers fingerprints
   * @param known rows that no teacher had to compute
   * @param computed rows that one did compute
   * @param elsewhere how many of these on other workers, or for another job at the same time
   * @param largestRounding largest absolute difference between a number as computed and as stored;
   *     0 in float32
   */
  record Facts(
      List<String> teachers,
      Precision precision,
      long rows,
      long known,
      long computed,
      long elsewhere,
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
        store.label(
            context.owner(),
            teacher,
            List.of(part),
            precision,
            context.cancellation(),
            watched(progress));
    LabelledParts.Summary s = labelled.summary();
    teachers.add(teacher.fingerprint());
    rows += s.rows();
    known += s.known();
    computed += s.computed();
    elsewhere += s.elsewhere();
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

  private DoubleConsumer watched(DoubleConsumer progress) {
    long begun = System.nanoTime();
    double[] first = {Double.NaN};
    return done -> {
      progress.accept(done);
      if (Double.isNaN(first[0])) {
        first[0] = done;
      } else if (done > first[0]) {
        double nanos = (System.nanoTime() - begun) * (1 - done) / (done - first[0]);
        left.accept(Duration.ofNanos((long) nanos));
      }
    };
  }

  Facts facts() {
    return new Facts(
        List.copyOf(teachers), precision, rows, known, computed, elsewhere, largestRounding);
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
            + (elsewhere == 0
                ? ""
                : String.format(Locale.ROOT, " (%,d of them on other workers)", elsewhere))
            + rounding,
        Map.of(
            "rows",
            rows,
            "known",
            known,
            "computed",
            computed,
            "elsewhere",
            elsewhere,
            "largestRounding",
            largestRounding));
  }
}
