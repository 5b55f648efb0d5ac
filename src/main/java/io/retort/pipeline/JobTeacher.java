package io.retort.pipeline;

import io.retort.dataset.PreparedDataset;
import io.retort.dataset.Split;
import io.retort.evaluation.Latency;
import io.retort.teacher.SoftTargets;
import java.util.List;
import java.util.function.DoubleConsumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** What a job's student learns from, ready to answer, whatever it is. */
interface JobTeacher extends AutoCloseable {

  /** One of the three parts of the data. */
  enum Part {
    TRAIN(PreparedDataset::train),
    VALIDATION(PreparedDataset::validation),
    TEST(PreparedDataset::test);

    private final Function<PreparedDataset, Split> split;

    Part(Function<PreparedDataset, Split> split) {
      this.split = split;
    }

    Split of(PreparedDataset data) {
      return split.apply(data);
    }
  }

  /** Whether it can say anything of a part; of the training and validation parts it can. */
  default boolean knows(Part part) {
    return true;
  }

  /**
   * Logits for every row of a part, in the order of the dataset's classes; the caller closes them.
   *
   * @param progress told the share of rows that is done, 0..1
   */
  default SoftTargets label(Part part, DoubleConsumer progress) {
    return label(part, List.of(), progress).logits();
  }

  /**
   * The same with some of the tensors in between.
   *
   * @param taps names of those that the teacher has; only a network has any
   */
  TaughtRows label(Part part, List<String> taps, DoubleConsumer progress);

  /** What it costs to keep and to run. */
  Report.ModelSize size();

  /** One row at a time; null where nothing computes. */
  @Nullable Latency latency();

  @Override
  void close();
}
