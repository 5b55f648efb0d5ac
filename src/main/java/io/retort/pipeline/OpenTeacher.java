package io.retort.pipeline;

import io.retort.dataset.PreparedDataset;
import io.retort.model.StoredModel;
import io.retort.model.TrainedModel;
import io.retort.model.foreign.ForeignModels;
import io.retort.teacher.ForeignTeacher;
import io.retort.teacher.GivenTargets;
import io.retort.training.InferenceNetwork;
import io.retort.training.NetworkSize;
import io.retort.training.Networks;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;

/** Opens planned teachers. */
final class OpenTeacher {

  private final PreparedDataset rows;
  private final ForeignModels foreign;
  private final PipelineContext context;

  OpenTeacher(PreparedDataset rows, ForeignModels foreign, PipelineContext context) {
    this.rows = rows;
    this.foreign = foreign;
    this.context = context;
  }

  /**
   * @param name of its files, unique in the job
   */
  JobTeacher open(TeacherPlan plan, String name) {
    if (plan instanceof TeacherPlan.Network network) {
      return network(network.model(), name);
    }
    if (plan instanceof TeacherPlan.Foreign model) {
      return foreign(model, name);
    }
    if (plan instanceof TeacherPlan.Given given) {
      return given(given, name);
    }
    if (plan instanceof TeacherPlan.Ensemble ensemble) {
      return ensemble(ensemble, name);
    }
    throw new IllegalStateException("a teacher is trained before it is opened");
  }

  private JobTeacher network(TrainedModel model, String name) {
    NetworkSize size = NetworkSize.of(model.definition());
    return new SingleTeacher(
        name,
        rows,
        new Report.ModelSize(
            size.parameters(), (long) Networks.sameDiffFile(model).length, size.multiplyAdds()),
        batch ->
            ClassOrder.of(
                InferenceNetwork.open(model, batch, context.threads()), rows.info().classes()),
        SingleTeacher.Timing.FOR_ONE_ROW,
        context);
  }

  private JobTeacher foreign(TeacherPlan.Foreign plan, String name) {
    StoredModel model = plan.model();
    try {
      return new SingleTeacher(
          name,
          rows,
          new Report.ModelSize(model.info().parameters(), Files.size(model.file()), null),
          batch ->
              ClassOrder.of(
                  ForeignTeacher.open(
                      foreign,
                      model,
                      plan.reading(),
                      rows.info().features().size(),
                      List.of(),
                      batch,
                      context.threads()),
                  rows.info().classes()),
          SingleTeacher.Timing.AS_IT_IS,
          context);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private JobTeacher given(TeacherPlan.Given plan, String name) {
    return new SingleTeacher(
        name,
        plan.targets(),
        new Report.ModelSize(null, null, null),
        batch ->
            ClassOrder.of(
                new GivenTargets(plan.kind(), plan.classes(), batch), rows.info().classes()),
        SingleTeacher.Timing.NOT_AT_ALL,
        context);
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
