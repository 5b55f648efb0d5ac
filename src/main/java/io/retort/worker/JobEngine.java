package io.retort.worker;

import io.retort.pipeline.PipelineContext;
import io.retort.pipeline.PipelineOutcome;
import io.retort.spec.JobSpec;

/** What runs a job. */
@FunctionalInterface
public interface JobEngine {

  /**
   * Runs a job to its end on the calling thread.
   *
   * @throws io.retort.spec.Cancellation.CancelledException soon after the context asked for it
   * @throws io.retort.spec.RetortException for what the caller can do something about
   */
  PipelineOutcome run(JobSpec spec, PipelineContext context);
}
