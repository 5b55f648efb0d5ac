package io.retort.pipeline;

import io.retort.dataset.PreparedDataset;
import io.retort.spec.Precision;
import io.retort.targets.LabelledParts;
import io.retort.targets.PartTargets;
import io.retort.targets.SoftTargetStore;
import io.retort.teacher.SoftTargets;
import io.retort.teacher.Teacher;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.DoubleConsumer;

/**
 * All that a job may read of its teacher: logits in the order of the dataset's classes, and the
 * taps that the teacher was opened with, for each part of the data. Once this is there the teacher
 * is no longer needed.
 */
final class JobTargets implements AutoCloseable {

  private final LabelledParts labelled;
  private final List<String> teacherClasses;
  private final List<String> classes;
  private final Facts facts;

  private JobTargets(
      LabelledParts labelled, List<String> teacherClasses, List<String> classes, Facts facts) {
    this.labelled = labelled;
    this.teacherClasses = teacherClasses;
    this.classes = classes;
    this.facts = facts;
  }

  /**
   * How a job came by its soft targets.
   *
   * @param teacher fingerprint
   * @param known rows that the teacher did not have to compute
   * @param computed rows that it did compute
   * @param largestRounding largest absolute difference between a number as computed and as stored;
   *     0 in float32
   */
  record Facts(
      String teacher,
      Precision precision,
      long rows,
      long known,
      long computed,
      double largestRounding) {}

  /**
   * Lets the teacher compute what the store does not know, and tells the user how much that was.
   */
  static JobTargets of(
      Teacher teacher,
      PreparedDataset data,
      Precision precision,
      SoftTargetStore store,
      PipelineContext context,
      DoubleConsumer progress) {
    LabelledParts labelled =
        store.label(
            teacher,
            List.of(data.train(), data.validation(), data.test()),
            precision,
            context.cancellation(),
            progress);
    LabelledParts.Summary s = labelled.summary();
    Facts facts =
        new Facts(
            teacher.fingerprint(),
            precision,
            s.rows(),
            s.known(),
            s.computed(),
            s.largestRounding());
    announce(facts, context);
    return new JobTargets(labelled, teacher.classes(), data.info().classes(), facts);
  }

  private static void announce(Facts facts, PipelineContext context) {
    String rounding =
        facts.precision() == Precision.FLOAT32
            ? "."
            : String.format(
                Locale.ROOT,
                "; float16 changed no number by more than %.3g.",
                facts.largestRounding());
    context.event(
        PipelineContext.Level.INFO,
        String.format(
                Locale.ROOT,
                "Labelled %,d rows: %,d known, %,d computed by the teacher",
                facts.rows(),
                facts.known(),
                facts.computed())
            + rounding,
        Map.of(
            "rows", facts.rows(),
            "known", facts.known(),
            "computed", facts.computed(),
            "largestRounding", facts.largestRounding()));
  }

  Facts facts() {
    return facts;
  }

  PartTargets train() {
    return part(0);
  }

  PartTargets validation() {
    return part(1);
  }

  PartTargets test() {
    return part(2);
  }

  private PartTargets part(int index) {
    PartTargets own = labelled.part(index);
    SoftTargets logits = OrderedTargets.of(own.logits(), teacherClasses, classes);
    return new PartTargets(logits, own.taps());
  }

  @Override
  public void close() {
    labelled.close();
  }
}
