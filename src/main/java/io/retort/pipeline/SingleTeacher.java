package io.retort.pipeline;

import io.retort.dataset.PreparedDataset;
import io.retort.dataset.Split;
import io.retort.evaluation.Latency;
import io.retort.teacher.Teacher;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.util.List;
import java.util.function.DoubleConsumer;
import org.jspecify.annotations.Nullable;

/** One teacher: a network, another framework's model, or soft targets that are given. */
final class SingleTeacher implements JobTeacher {

  private static final int BATCH = 256;

  /** How a teacher's latency is measured. */
  enum Timing {
    NOT_AT_ALL,
    /** It takes any number of rows. */
    AS_IT_IS,
    /** It is opened anew for one row, because smaller batches cost it as much as a full one. */
    FOR_ONE_ROW
  }

  private final PreparedDataset rows;
  private final Report.ModelSize size;
  private final Opener opener;
  private final Timing timing;
  private final Labeller labeller;
  private final Teacher teacher;

  /** Lets a teacher say something of every row, in the dataset's order of classes. */
  interface Labeller {
    TaughtRows label(Teacher teacher, Split part, DoubleConsumer progress);
  }

  /** Opens the teacher for so many rows at most, with some of its tensors in between. */
  interface Opener {
    Teacher open(int batch, List<String> taps);
  }

  /**
   * @param rows what it reads
   * @param timing how its latency is measured
   */
  SingleTeacher(
      PreparedDataset rows,
      Report.ModelSize size,
      Opener opener,
      Timing timing,
      Labeller labeller) {
    this.rows = rows;
    this.size = size;
    this.opener = opener;
    this.timing = timing;
    this.labeller = labeller;
    this.teacher = opener.open(BATCH, List.of());
  }

  @Override
  public TaughtRows label(Part part, List<String> taps, DoubleConsumer progress) {
    if (taps.isEmpty()) {
      return labeller.label(teacher, part.of(rows), progress);
    }
    try (Teacher tapped = opener.open(BATCH, taps)) {
      return labeller.label(tapped, part.of(rows), progress);
    }
  }

  @Override
  public Report.ModelSize size() {
    return size;
  }

  @Override
  public @Nullable Latency latency() {
    return switch (timing) {
      case NOT_AT_ALL -> null;
      case AS_IT_IS -> latency(teacher);
      case FOR_ONE_ROW -> {
        try (Teacher single = opener.open(1, List.of())) {
          yield latency(single);
        }
      }
    };
  }

  private Latency latency(Teacher timed) {
    FloatBuffer row = floats(timed.columns());
    rows.test().gather(new int[] {0}, 0, 1, row);
    FloatBuffer logits = floats(timed.classes().size());
    return Latency.of(() -> timed.logits(row, 1, logits));
  }

  private static FloatBuffer floats(int n) {
    return ByteBuffer.allocateDirect(n * Float.BYTES)
        .order(ByteOrder.nativeOrder())
        .asFloatBuffer();
  }

  @Override
  public void close() {
    teacher.close();
  }
}
