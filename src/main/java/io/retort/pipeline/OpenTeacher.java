package io.retort.pipeline;

import io.retort.dataset.PreparedDataset;
import io.retort.dataset.Split;
import io.retort.model.StoredModel;
import io.retort.model.TrainedModel;
import io.retort.model.foreign.ForeignModels;
import io.retort.teacher.ForeignTeacher;
import io.retort.teacher.RemoteTeacher;
import io.retort.teacher.Teacher;
import io.retort.training.InferenceNetwork;
import io.retort.training.NetworkSize;
import io.retort.training.Networks;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import java.util.function.DoubleConsumer;

/** Opens planned teachers. */
final class OpenTeacher {

  private final PreparedDataset rows;
  private final ForeignModels foreign;
  private final JobTargets targets;
  private final PipelineContext context;

  OpenTeacher(
      PreparedDataset rows, ForeignModels foreign, JobTargets targets, PipelineContext context) {
    this.rows = rows;
    this.foreign = foreign;
    this.targets = targets;
    this.context = context;
  }

  /**
   * @param name of its files, unique in the job
   */
  JobTeacher open(TeacherPlan plan, String name) {
    if (plan instanceof TeacherPlan.Network network) {
      return network(network.model());
    }
    if (plan instanceof TeacherPlan.Foreign model) {
      return foreign(model);
    }
    if (plan instanceof TeacherPlan.Remote remote) {
      return remote(remote);
    }
    if (plan instanceof TeacherPlan.Given given) {
      return new GivenTeacher(given, name, rows.info().classes(), context);
    }
    if (plan instanceof TeacherPlan.Ensemble ensemble) {
      return ensemble(ensemble, name);
    }
    throw new IllegalStateException("a teacher is trained before it is opened");
  }

  private JobTeacher network(TrainedModel model) {
    NetworkSize size = NetworkSize.of(model.definition());
    return new SingleTeacher(
        rows,
        new Report.ModelSize(
            size.parameters(), (long) Networks.sameDiffFile(model).length, size.multiplyAdds()),
        (batch, taps) -> InferenceNetwork.open(model, batch, context.threads(), taps),
        SingleTeacher.Timing.FOR_ONE_ROW,
        this::kept);
  }

  private JobTeacher foreign(TeacherPlan.Foreign plan) {
    StoredModel model = plan.model();
    try {
      return new SingleTeacher(
          rows,
          new Report.ModelSize(model.info().parameters(), Files.size(model.file()), null),
          (batch, taps) ->
              ForeignTeacher.open(
                  foreign,
                  model,
                  plan.reading(),
                  rows.info().features().size(),
                  taps,
                  batch,
                  context.threads()),
          SingleTeacher.Timing.AS_IT_IS,
          this::kept);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private JobTeacher remote(TeacherPlan.Remote plan) {
    return new SingleTeacher(
        rows,
        new Report.ModelSize(null, null, null),
        (batch, taps) -> RemoteTeacher.open(plan.reading(), context.cancellation()),
        SingleTeacher.Timing.NOT_AT_ALL,
        this::kept);
  }

  private TaughtRows kept(Teacher teacher, Split part, DoubleConsumer progress) {
    return targets.label(teacher, part, rows.info().classes(), progress);
  }

  private JobTeacher ensemble(TeacherPlan.Ensemble plan, String name) {
    List<JobTeacher> members = new ArrayList<>();
    try {
      for (TeacherPlan member : plan.members()) {
        members.add(open(member, name + "-" + members.size()));
      }
      return new EnsembleTeacher(members, plan.weights(), plan.averaging());
    } catch (RuntimeException e) {
      members.forEach(JobTeacher::close);
      throw e;
    }
  }
}
