package io.retort.worker;

import io.retort.pipeline.PipelineContext;
import io.retort.spec.JobSpec;

/** What takes part in the labelling of a job that another worker runs. */
@FunctionalInterface
public interface LabellingHelp {

  /**
   * Labels rows of the job on the calling thread until all of them are.
   *
   * @throws io.retort.spec.Cancellation.CancelledException soon after the context asked for it
   */
  void help(JobSpec spec, PipelineContext context);
}
