package io.retort.pipeline;

import io.retort.dataset.DatasetInfo;
import io.retort.spec.JobSpec;
import io.swagger.v3.oas.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/**
 * What a dry run found out without training anything.
 *
 * @param resolved the spec with every default, and the format and shape that the data turned out to
 *     have
 */
@Schema(description = "What a dry run found out without training anything.")
public record Inspection(
    JobSpec resolved,
    String formula,
    DatasetInfo dataset,
    Parts parts,
    @Nullable Size teacher,
    @Nullable Size student) {

  /** Rows of each part. */
  public record Parts(int train, int validation, int test) {}

  /**
   * @param multiplyAdds of one row through convolutions and linear layers
   */
  public record Size(long parameters, long multiplyAdds) {}
}
