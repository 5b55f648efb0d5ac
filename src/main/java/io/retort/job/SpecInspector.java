package io.retort.job;

import io.retort.spec.JobSpec;

/** What the engine can say about a spec before it is run. */
public interface SpecInspector {

  /** The resolved loss as text, such as {@code 0.9 * 16 * KL(...) + 0.1 * CE(...)}. */
  String formula(JobSpec spec);

  /** Bytes of memory that the job needs in any case, as far as the spec alone says it. */
  default long leastMemory(JobSpec spec) {
    return 0;
  }

  /**
   * Checks what can be checked at once: the dataset's URI leads somewhere, the teacher exists.
   *
   * @throws io.retort.spec.RetortException when the job would fail
   */
  void check(JobSpec spec);

  /**
   * Checks everything that can be known: the dataset is readable, shapes and class counts agree,
   * the teacher loads.
   *
   * @throws io.retort.spec.RetortException when the job would fail
   */
  Findings inspect(JobSpec spec);

  /**
   * What an inspection found.
   *
   * @param resolved the spec with what was found in the data
   * @param facts about data and networks; a record or map that Jackson writes
   */
  record Findings(JobSpec resolved, Object facts) {}
}
