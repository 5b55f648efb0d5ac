package io.retort.job;

import io.retort.spec.JobSpec;

/** What the engine can say about a spec before it is run. */
public interface SpecInspector {

  /** The resolved loss as text, such as {@code 0.9 * 16 * KL(...) + 0.1 * CE(...)}. */
  String formula(JobSpec spec);

  /**
   * Checks everything that can be known: the dataset is readable, shapes and class counts agree,
   * the teacher loads.
   *
   * @return what was found; a record or map that Jackson writes
   * @throws io.retort.spec.RetortException when the job would fail
   */
  Object inspect(JobSpec spec);
}
