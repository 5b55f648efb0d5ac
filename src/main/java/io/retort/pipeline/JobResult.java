package io.retort.pipeline;

import io.retort.dataset.DatasetInfo;
import io.retort.dataset.GivenRows;
import io.retort.spec.JobSpec;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Everything a job found out, as {@code result.json} holds it.
 *
 * @param resolved the spec with every default, and the format and shape that the data turned out to
 *     have
 * @param formula the student's loss as text; the teacher's for {@code train} jobs
 * @param softTargets how it came by them; null for {@code train} jobs
 * @param trainings what was trained in this job, by role
 * @param files SHA-256 of the model files, by name
 * @param onnx how the exported student did in ONNX Runtime; null for {@code train} jobs
 */
record JobResult(
    Report report,
    JobSpec resolved,
    String formula,
    DataFacts dataset,
    JobTargets.@Nullable Facts softTargets,
    Map<String, TrainingFacts> trainings,
    Map<String, String> files,
    @Nullable OnnxFacts onnx,
    Provenance provenance) {

  /**
   * The dataset and how many rows each part got.
   *
   * @param softTargets files beside the dataset that soft targets were read from
   */
  record DataFacts(
      DatasetInfo info, int train, int validation, int test, List<GivenRows.File> softTargets) {}

  /**
   * How a training went.
   *
   * @param formula the loss that was minimised
   * @param parametersSha256 of the parameters as little-endian floats
   */
  record TrainingFacts(
      String formula,
      long seed,
      int epochs,
      int bestEpoch,
      double bestValidationLoss,
      double bestValidationAccuracy,
      long steps,
      double seconds,
      String parametersSha256) {}

  /**
   * An exported student beside the network it was made from, on every row of the test part.
   *
   * @param runtime version of ONNX Runtime that ran it
   * @param maxLogitDifference largest difference of any logit
   * @param allowed a larger difference would have failed the job
   */
  record OnnxFacts(
      int opset,
      int irVersion,
      String runtime,
      long bytes,
      int rows,
      double maxLogitDifference,
      double allowed) {}
}
