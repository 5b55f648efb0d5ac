package io.retort.pipeline;

import io.retort.dataset.GivenRows;
import io.retort.model.ModelDefinition;
import io.retort.model.StoredModel;
import io.retort.model.TensorInfo;
import io.retort.model.TrainedModel;
import io.retort.spec.OutputKind;
import io.retort.teacher.Reading;
import io.retort.teacher.RemoteReading;
import io.retort.teacher.Tap;
import io.retort.training.NetworkSize;
import io.retort.training.Networks;
import java.util.List;

/** A job's teacher, checked against the data before anything is computed. */
sealed interface TeacherPlan {

  /** To be trained in the job. */
  record Untrained(ModelDefinition definition) implements TeacherPlan {
    @Override
    public List<Tap> taps() {
      return Networks.taps(definition);
    }

    @Override
    public double work() {
      return NetworkSize.of(definition).multiplyAdds();
    }

    @Override
    public int keptNumbers() {
      return definition.classes().size();
    }
  }

  /** A network that this service made. */
  record Network(TrainedModel model) implements TeacherPlan {
    @Override
    public List<Tap> taps() {
      return Networks.taps(model.definition());
    }

    @Override
    public double work() {
      return NetworkSize.of(model.definition()).multiplyAdds();
    }

    @Override
    public int keptNumbers() {
      return model.definition().classes().size();
    }
  }

  /** A model of another framework. */
  record Foreign(StoredModel model, Reading reading) implements TeacherPlan {

    /** Those whose shape is known. */
    @Override
    public List<Tap> taps() {
      return model.info().taps().stream()
          .filter(TensorInfo::fixed)
          .map(tap -> new Tap(tap.name(), tap.shape()))
          .toList();
    }

    @Override
    public double work() {
      return model.info().parameters();
    }

    @Override
    public int keptNumbers() {
      return reading.classes().size();
    }
  }

  /** A model on another server. */
  record Remote(RemoteReading reading) implements TeacherPlan {

    /** Nobody knows; its time is that of a large network. */
    private static final double WORK = 10_000_000;

    @Override
    public double work() {
      return WORK;
    }

    @Override
    public int keptNumbers() {
      return reading.classes().size();
    }
  }

  /**
   * Soft targets that somebody else computed.
   *
   * @param targets for each row of the dataset
   * @param classes names in the order of the columns
   */
  record Given(GivenRows targets, OutputKind kind, List<String> classes) implements TeacherPlan {
    @Override
    public List<GivenRows.File> files() {
      return targets.files();
    }

    @Override
    public double work() {
      return 0;
    }

    @Override
    public int keptNumbers() {
      return 0;
    }
  }

  /**
   * Several of these.
   *
   * @param weights one a member, summing to 1
   */
  record Ensemble(List<TeacherPlan> members, List<Double> weights, OutputKind averaging)
      implements TeacherPlan {
    @Override
    public List<GivenRows.File> files() {
      return members.stream().flatMap(member -> member.files().stream()).toList();
    }

    @Override
    public double work() {
      return members.stream().mapToDouble(TeacherPlan::work).sum();
    }

    @Override
    public int keptNumbers() {
      return members.stream().mapToInt(TeacherPlan::keptNumbers).sum();
    }
  }

  /** Tensors in between that it can give; only networks have any. */
  default List<Tap> taps() {
    return List.of();
  }

  /** Files of soft targets that it reads. */
  default List<GivenRows.File> files() {
    return List.of();
  }

  /** Multiply-adds of a row, roughly; at least its order of magnitude. */
  double work();

  /** Numbers a row that the store of soft targets keeps. */
  int keptNumbers();
}
