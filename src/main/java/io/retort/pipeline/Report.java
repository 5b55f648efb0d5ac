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
 * @param teacherCheck the teacher on the validation part, before training; null for {@code train}
 * @param int8 the student's int8 file beside its float32 one; null where none was asked for
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
    @Nullable ModelFigures teacher,
    @Nullable TeacherCheck teacherCheck,
    @Nullable Int8Comparison int8) {

  /** The rows behind the figures. */
  public record TestPart(int rows, List<String> classes) {}

  /**
   * One model in numbers; the quality figures are those of {@link Quality}.
   *
   * @param parameters trained numbers in the model; null where soft targets stand for it
   * @param bytes size of its SameDiff file, or of the file in which it was uploaded
   * @param multiplyAdds of one row through its convolutions and linear layers; null for a model of
   *     another framework
   * @param latencyMs one row at a time, on the job's threads, after a warm-up; another framework's
   *     model computes in a process of its own, and the way there is included
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
      @Nullable Long parameters,
      @Nullable Long bytes,
      @Nullable Long multiplyAdds,
      @Nullable Latency latencyMs,
      @Nullable Double trainSeconds) {

    static ModelFigures of(
        Quality q, ModelSize size, @Nullable Latency latency, @Nullable Double trainSeconds) {
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

  /** What a model costs to keep and to run; null for what is not known. */
  record ModelSize(@Nullable Long parameters, @Nullable Long bytes, @Nullable Long multiplyAdds) {}
}
