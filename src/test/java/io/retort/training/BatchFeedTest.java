package io.retort.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.retort.dataset.Split;
import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class BatchFeedTest {

  /** Row r holds r in every column, has the label r % 7 and the logits r and -r. */
  private record Numbered(int size, int columns) implements Split {
    @Override
    public void gather(int[] positions, int from, int count, FloatBuffer into) {
      for (int i = 0; i < count * columns; i++) {
        into.put(i, positions[from + i / columns]);
      }
    }

    @Override
    public int label(int position) {
      return position % 7;
    }
  }

  @ParameterizedTest
  @CsvSource({"10,3,4", "10,3,10", "1,1,1", "5000,100,64", "64,100000,16", "97,5,13", "3,700000,1"})
  void everyRowOfAnEpochComesOnceInItsOrder(int rows, int columns, int batch) {
    ArrayTargets targets = new ArrayTargets(new float[rows][2]);
    for (int r = 0; r < rows; r++) {
      targets.logits()[r] = new float[] {r, -r};
    }
    RowOrder orders = new RowOrder(rows, 3);
    FloatBuffer features = FloatBuffer.allocate(batch * columns);
    LogitBatch logits = new LogitBatch(batch * 2);
    int[] labels = new int[batch];
    try (BatchFeed feed = new BatchFeed(new Numbered(rows, columns), targets, batch)) {
      for (int epoch = 1; epoch <= 3; epoch++) {
        int[] order = orders.of(epoch);
        feed.begin(order, 0);
        List<Integer> seen = new ArrayList<>();
        for (int count = feed.advance(); count > 0; count = feed.advance()) {
          assertThat(count).isEqualTo(Math.min(batch, rows - seen.size()));
          feed.features(features);
          feed.labels(labels);
          double[] teacher = feed.logits(logits, 2);
          for (int i = 0; i < count; i++) {
            int row = (int) features.get(i * columns + columns - 1);
            assertThat(labels[i]).isEqualTo(row % 7);
            assertThat(teacher[2 * i]).isEqualTo(row);
            assertThat(teacher[2 * i + 1]).isEqualTo(-row);
            seen.add(row);
          }
        }
        assertThat(seen.stream().mapToInt(i -> i).toArray()).isEqualTo(order);
      }
    }
  }

  @ParameterizedTest
  @CsvSource({"true", "false"})
  void aFailureToReadReachesTheTraining(boolean closedEarly) {
    Split broken =
        new Split() {
          @Override
          public int size() {
            return 100;
          }

          @Override
          public int columns() {
            return 2;
          }

          @Override
          public void gather(int[] positions, int from, int count, FloatBuffer into) {
            throw new IllegalStateException("the disk is gone");
          }

          @Override
          public int label(int position) {
            return 0;
          }
        };
    try (BatchFeed feed = new BatchFeed(broken, null, 10)) {
      feed.begin(new int[100], 0);
      if (!closedEarly) {
        assertThatThrownBy(feed::advance).hasMessage("the disk is gone");
      }
    }
  }
}
