package io.retort.pipeline;

import io.retort.evaluation.Latency;
import io.retort.evaluation.McNemarTest;
import io.retort.evaluation.Quality;
import io.retort.evaluation.Verdict;
import io.swagger.v3.oas.annotations.media.Schema;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Teacher, student and twin side by side on the test part.
 *
 * @param verdict of the student against its twin at 5 %; null without a twin
 * @param pValue of McNemar's exact test; null without a twin
 * @param mcNemar the counts behind the p-value
 * @param student null for {@code train} jobs
 */
@Schema(description = "Teacher, student and twin side by side on the test part.")
public record Report(
    @Nullable Verdict verdict,
    @Schema(description = "Two-sided, McNemar's exact test of student against twin")
        @Nullable Double pValue,
    @Nullable McNemarTest mcNemar,
    TestPart test,
    @Nullable ModelFigures student,
    @Nullable ModelFigures twin,
    @Nullable ModelFigures teacher) {

  /** The rows behind the figures. */
  public record TestPart(int rows, List<String> classes) {}

  /**
   * One model in numbers; the quality figures are those of {@link Quality}.
   *
   * @param parameters trained numbers in the model
   * @param bytes size of its SameDiff file
   * @param multiplyAdds of one row through its convolutions and linear layers
   * @param latencyMs one row at a time, on the job's threads, after a warm-up
   * @param trainSeconds wall time; null where it was not trained in this job
   */
  @Schema(description = "One model in numbers, on the test part.")
  public record ModelFigures(
      double accuracy,
      @Nullable Double top5Accuracy,
      double nll,
      double ece,
      List<Quality.ClassAccuracy> perClass,
      List<List<Integer>> confusion,
      @Nullable Double agreement,
      @Nullable Double meanKl,
      long parameters,
      long bytes,
      long multiplyAdds,
      Latency latencyMs,
      @Nullable Double trainSeconds) {

    static ModelFigures of(
        Quality q, ModelSize size, Latency latency, @Nullable Double trainSeconds) {
      return new ModelFigures(
          q.accuracy(),
          q.top5Accuracy(),
          q.nll(),
          q.ece(),
          q.perClass(),
          q.confusion(),
          q.agreement(),
          q.meanKl(),
          size.parameters(),
          size.bytes(),
          size.multiplyAdds(),
          latency,
          trainSeconds);
    }
  }

  /** What a model costs to keep and to run. */
  record ModelSize(long parameters, long bytes, long multiplyAdds) {}
}
