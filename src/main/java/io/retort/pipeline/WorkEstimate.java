package io.retort.pipeline;

import io.retort.dataset.PreparedDataset;
import io.retort.model.ModelDefinition;
import io.retort.spec.TeacherSpec;
import io.retort.spec.TrainingSpec;
import io.retort.training.NetworkSize;
import org.jspecify.annotations.Nullable;

/**
 * Work of a job's stages in rough multiply-adds: only their proportions matter, for progress and
 * the estimated time of the end.
 */
record WorkEstimate(
    double teaching,
    double labelling,
    double neighbours,
    double student,
    double studentEpoch,
    double total) {

  /** What a row costs besides its multiply-adds: gathering, small operations, the loop. */
  private static final double OVERHEAD = 20_000;

  /** Forward, and backward with respect to inputs and weights. */
  private static final double TRAINING_PASSES = 3;

  /** Evaluation and export, as a share of the rest. */
  private static final double TAIL = 0.03;

  /** About two thousand distances a row. */
  private static final double NEIGHBOURS = 200_000;

  static WorkEstimate of(Plan plan, PreparedDataset data) {
    double rows = data.train().size() + data.validation().size() / TRAINING_PASSES;
    TeacherSpec teacher = plan.spec().teacher();
    TrainingSpec teaching = teacher == null ? null : teacher.training();
    double teach =
        plan.teacher() instanceof TeacherPlan.Untrained untrained
            ? training(untrained.definition(), teaching, rows)
            : 0;
    double label =
        plan.student() == null ? 0 : (plan.teacher().work() + OVERHEAD) * data.info().rows();
    double student =
        training(
            plan.student() == null ? null : plan.student().definition(),
            plan.spec().training(),
            rows);
    double twin = plan.spec().evaluation().twin() ? student : 0;
    double epoch = student / plan.spec().training().epochCount();
    double stages = plan.spec().stages().stream().mapToDouble(s -> s.epochs() * epoch).sum();
    double near =
        plan.student() != null && plan.spec().training().batching().neighbours()
            ? data.train().size() * NEIGHBOURS
            : 0;
    double all = teach + label + near + stages + student + twin;
    return new WorkEstimate(teach, label, near, student, epoch, all * (1 + TAIL));
  }

  /** Of a stage of the student before its training proper. */
  double stage(int epochs) {
    return epochs * studentEpoch;
  }

  private static double training(
      @Nullable ModelDefinition net, @Nullable TrainingSpec training, double rows) {
    return net == null || training == null
        ? 0
        : TRAINING_PASSES * row(net) * rows * training.epochCount();
  }

  private static double row(ModelDefinition net) {
    return NetworkSize.of(net).multiplyAdds() + OVERHEAD;
  }
}
