package io.retort.pipeline;

import io.retort.dataset.Split;
import io.retort.model.FeatureScaling;
import io.retort.spec.DatasetSpec;
import io.retort.spec.JobSpec;
import io.retort.spec.TeacherSpec;
import io.retort.spec.TrainingSpec;
import io.retort.training.FeatureStatistics;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a spec leaves to its data: whether features are standardised, and for how many epochs a
 * network is trained.
 *
 * @param spec with both decided
 */
record LeftToData(JobSpec spec, boolean choseScaling, boolean choseEpochs) {

  static LeftToData decide(JobSpec spec, Split train) {
    DatasetSpec dataset = spec.dataset();
    Boolean asked = dataset.standardize();
    boolean standardize = asked == null ? FeatureStatistics.farFromUnitSize(train) : asked;
    TrainingSpec training = spec.training().forRows(train.size());
    JobSpec decided =
        spec.resolved(
            dataset.withStandardize(standardize),
            decided(spec.teacher(), train.size()),
            spec.objective(),
            spec.stages(),
            training);
    return new LeftToData(
        decided,
        asked == null && standardize,
        training.epochCount() != spec.training().epochCount());
  }

  private static @Nullable TeacherSpec decided(@Nullable TeacherSpec teacher, int rows) {
    return teacher == null || teacher.training() == null
        ? teacher
        : teacher.trainedBy(teacher.training().forRows(rows));
  }

  /** Of new networks; null where features stay as they are. */
  @Nullable FeatureScaling scaling(Split train) {
    return Boolean.TRUE.equals(spec.dataset().standardize()) ? FeatureStatistics.of(train) : null;
  }

  void announce(PipelineContext context) {
    if (choseScaling) {
      context.event(
          PipelineContext.Level.INFO,
          "Features are far from unit size, so new networks standardise them;"
              + " `dataset.standardize` false leaves them as they are.",
          Map.of());
    }
    if (choseEpochs) {
      context.event(
          PipelineContext.Level.INFO,
          "The training part is small, so it is gone through %,d times where `epochs` is not given."
              .formatted(spec.training().epochCount()),
          Map.of("epochs", spec.training().epochCount()));
    }
  }
}
