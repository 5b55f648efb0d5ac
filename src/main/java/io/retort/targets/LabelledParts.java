package io.retort.targets;

import java.util.List;

/**
 * What a teacher gave for the parts of a dataset, and the hold on it: the store keeps it until this
 * is closed.
 */
public final class LabelledParts implements AutoCloseable {

  private final List<PartTargets> parts;
  private final Summary summary;
  private final Runnable release;

  LabelledParts(List<PartTargets> parts, Summary summary, Runnable release) {
    this.parts = List.copyOf(parts);
    this.summary = summary;
    this.release = release;
  }

  /**
   * How the labelling went.
   *
   * @param rows of all parts
   * @param known rows that the teacher did not have to compute: kept from before, or equal to
   *     another row of the job
   * @param computed rows that it did compute
   * @param elsewhere how many of these by others meanwhile, who label with the same teacher
   * @param largestRounding largest absolute difference between a number as computed and as stored;
   *     0 in float32
   */
  public record Summary(
      long rows, long known, long computed, long elsewhere, double largestRounding) {}

  /** In the order in which the parts were given. */
  public PartTargets part(int index) {
    return parts.get(index);
  }

  public Summary summary() {
    return summary;
  }

  @Override
  public void close() {
    release.run();
  }
}
