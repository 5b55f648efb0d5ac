package io.retort.pipeline;

import io.retort.dataset.Datasets;
import io.retort.model.StoredModel;
import io.retort.model.TrainedModel;
import io.retort.model.foreign.ForeignModels;
import io.retort.pipeline.PlanTeacher.ModelLoader;
import io.retort.spec.Cancellation;
import io.retort.spec.JobSpec;
import io.retort.targets.SoftTargetStore;
import io.retort.teacher.RemoteModels;
import java.util.function.Function;

/** Turns specs into results; one instance serves all jobs of a process, side by side. */
public final class Pipeline {

  private final Datasets datasets;
  private final SoftTargetStore targets;
  private final ModelLoader loader;
  private final String version;

  /**
   * @param ownModels reads those that this service made
   * @param foreignModels opens those of other frameworks
   * @param remoteModels finds those on other servers
   * @param targets what teachers gave, for all jobs
   * @param version of Retort, for the provenance of results
   */
  public Pipeline(
      Datasets datasets,
      Function<StoredModel, TrainedModel> ownModels,
      ForeignModels foreignModels,
      RemoteModels remoteModels,
      SoftTargetStore targets,
      String version) {
    this.datasets = datasets;
    this.loader = new ModelLoader(ownModels, foreignModels, remoteModels);
    this.targets = targets;
    this.version = version;
  }

  /** The loss of a job as text. */
  public static String formula(JobSpec spec) {
    return Plan.formula(spec);
  }

  /**
   * Everything that can be said about a job without training: reads the data, loads the teacher,
   * checks that all of it fits.
   *
   * @param models finds models of the registry by id
   * @throws io.retort.spec.RetortException as {@link #run} would
   */
  public Inspection inspect(
      JobSpec spec, Function<String, StoredModel> models, Cancellation cancellation) {
    JobData data = JobData.prepare(datasets, spec, cancellation);
    LeftToData left = LeftToData.decide(spec, data.rows().train());
    Inspection found = Plan.of(left.spec(), data, null, models, loader).inspection(data.rows());
    targets.checkFits(found.facts().softTargetBytes());
    return found;
  }

  /**
   * Checks the names of the taps that an objective reads, as far as they are known before the data.
   *
   * @param models finds models of the registry by id
   * @throws io.retort.spec.RetortException where a tap does not exist
   */
  public void checkTaps(JobSpec spec, Function<String, StoredModel> models) {
    TapNames.check(spec, models);
  }

  /**
   * Runs a job to its end.
   *
   * @throws io.retort.spec.RetortException where spec, data or training are at fault
   * @throws Cancellation.CancelledException where the context asked for it
   */
  public PipelineOutcome run(JobSpec spec, PipelineContext context) {
    return new PipelineRun(datasets, loader, targets, version, spec, context).execute();
  }

  /**
   * Takes part in the labelling of a job that somebody else runs: ends when all rows have been
   * labelled by whomever, and leaves them in the store. A teacher that the job itself trains is
   * left to it, as labelling takes less than an epoch of that.
   *
   * @throws io.retort.spec.RetortException as {@link #run} would
   */
  public void help(JobSpec spec, PipelineContext context) {
    new PipelineRun(datasets, loader, targets, version, spec, context).help();
  }
}
