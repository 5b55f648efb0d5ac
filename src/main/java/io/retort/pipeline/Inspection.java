package io.retort.pipeline;

import io.retort.dataset.DatasetInfo;
import io.retort.spec.JobSpec;
import io.retort.training.NetworkSize;
import io.swagger.v3.oas.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/**
 * What a dry run found out without training anything.
 *
 * @param resolved the spec with every default, and the format and shape that the data turned out to
 *     have
 */
public record Inspection(JobSpec resolved, Facts facts) {

  /**
   * What data and networks turned out to be.
   *
   * @param teacher null where it is no network of this service
   * @param student null for {@code train} jobs
   * @param softTargetBytes room that the teacher's outputs take in the store, at most: rows that it
   *     knows take no more; 0 for {@code train} jobs
   * @param memory that the job's largest training takes, roughly
   */
  @Schema(name = "Findings", description = "What a dry run found out without training anything.")
  public record Facts(
      DatasetInfo dataset,
      Parts parts,
      @Nullable NetworkSize teacher,
      @Nullable NetworkSize student,
      long softTargetBytes,
      MemoryEstimate memory) {}

  /** Rows of each part. */
  public record Parts(int train, int validation, int test) {}
}
