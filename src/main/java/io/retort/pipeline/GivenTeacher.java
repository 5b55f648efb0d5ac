package io.retort.pipeline;

import io.retort.dataset.GivenRows;
import io.retort.dataset.Split;
import io.retort.evaluation.Latency;
import io.retort.targets.SoftTargetFile;
import io.retort.teacher.GivenTargets;
import io.retort.teacher.Teacher;
import java.util.List;
import java.util.Objects;
import java.util.function.DoubleConsumer;
import org.jspecify.annotations.Nullable;

/**
 * Soft targets that somebody else computed; only their logits are written down, for this job.
 *
 * @param name of its files, unique in the job
 * @param classes the dataset's, which is the order of the logits that are returned
 */
record GivenTeacher(
    TeacherPlan.Given plan, String name, List<String> classes, PipelineContext context)
    implements JobTeacher {

  private static final int BATCH = 256;

  @Override
  public boolean knows(Part part) {
    return split(part) != null;
  }

  @Override
  public TaughtRows label(Part part, List<String> taps, DoubleConsumer progress) {
    try (Teacher teacher =
        ClassOrder.of(new GivenTargets(plan.kind(), plan.classes(), BATCH), classes)) {
      return new TaughtRows(
          SoftTargetFile.label(
              teacher,
              Objects.requireNonNull(split(part), "only parts that it knows are asked for"),
              context.workDirectory().resolve("targets-" + name + "-" + part.ordinal() + ".f32"),
              context.cancellation(),
              progress),
          List.of());
    }
  }

  private @Nullable Split split(Part part) {
    GivenRows rows = plan.targets();
    return switch (part) {
      case TRAIN -> rows.train();
      case VALIDATION -> rows.validation();
      case TEST -> rows.test();
    };
  }

  @Override
  public Report.ModelSize size() {
    return new Report.ModelSize(null, null, null);
  }

  @Override
  public @Nullable Latency latency() {
    return null;
  }

  @Override
  public void close() {}
}
