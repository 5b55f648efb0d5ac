package io.retort.pipeline;

import io.retort.dataset.Split;
import io.retort.evaluation.Latency;
import io.retort.evaluation.LogitRows;
import io.retort.evaluation.Measurement;
import io.retort.model.TrainedModel;
import io.retort.targets.SoftTargetFile;
import io.retort.teacher.SoftTargets;
import io.retort.teacher.Teacher;
import io.retort.training.InferenceNetwork;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Measures models on the test part, which nothing else looks at. */
final class Examination implements AutoCloseable {

  private static final int BATCH = 256;

  private final Split test;
  private final @Nullable SoftTargets teacher;
  private final PipelineContext context;
  private final List<SoftTargets> open = new ArrayList<>();
  private int examined;

  private Examination(Split test, @Nullable SoftTargets teacher, PipelineContext context) {
    this.test = test;
    this.teacher = teacher;
    this.context = context;
  }

  /**
   * Models are also compared with the teacher's logits of the test part.
   *
   * @param teacher null where there are none
   */
  static Examination against(@Nullable SoftTargets teacher, Split test, PipelineContext context) {
    return new Examination(test, teacher, context);
  }

  static Examination without(Split test, PipelineContext context) {
    return new Examination(test, null, context);
  }

  Marks of(TrainedModel model, List<String> classes) {
    try (Teacher network =
        ClassOrder.of(InferenceNetwork.open(model, BATCH, context.threads()), classes)) {
      SoftTargets logits =
          SoftTargetFile.label(
              network,
              test,
              context.workDirectory().resolve("test-logits-" + examined++ + ".f32"),
              context.cancellation(),
              done -> {});
      open.add(logits);
      return of(logits, classes, latency(model));
    }
  }

  /** A teacher, whose logits are there already. */
  Marks of(SoftTargets logits, List<String> classes, @Nullable Latency latency) {
    return new Marks(
        Measurement.of(rows(logits), test::label, classes, teacher == null ? null : rows(teacher)),
        latency);
  }

  /** One row at a time through a network that was captured for one row. */
  private Latency latency(TrainedModel model) {
    int columns = test.columns();
    FloatBuffer row = floats(columns);
    FloatBuffer logits = floats(model.definition().classes().size());
    test.gather(new int[] {0}, 0, 1, row);
    try (InferenceNetwork network = InferenceNetwork.open(model, 1, context.threads())) {
      return Latency.of(() -> network.logits(row, 1, logits));
    }
  }

  private static FloatBuffer floats(int n) {
    return ByteBuffer.allocateDirect(n * Float.BYTES)
        .order(ByteOrder.nativeOrder())
        .asFloatBuffer();
  }

  private static LogitRows rows(SoftTargets targets) {
    int[] position = new int[1];
    FloatBuffer row = FloatBuffer.allocate(targets.width());
    return new LogitRows() {
      @Override
      public int rows() {
        return targets.size();
      }

      @Override
      public int classes() {
        return targets.width();
      }

      @Override
      public void read(int index, float[] into) {
        position[0] = index;
        targets.gather(position, 0, 1, row);
        row.get(0, into, 0, targets.width());
      }
    };
  }

  @Override
  public void close() {
    open.forEach(SoftTargets::close);
  }

  /**
   * What the test part says of a model.
   *
   * @param latency null where nothing computes
   */
  record Marks(Measurement measurement, @Nullable Latency latency) {}
}
