package io.retort.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.retort.spec.EarlyStoppingSpec;
import io.retort.spec.ScheduleSpec;
import io.retort.spec.TrainingSpec.Monitor;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

class ScheduleTest {

  @Test
  void constantStays() {
    LearningRate rate = new LearningRate(0.2, new ScheduleSpec.Constant(0), 10, 5);
    assertThat(rate.at(0)).isEqualTo(0.2);
    assertThat(rate.at(49)).isEqualTo(0.2);
  }

  @Test
  void warmUpRisesStepByStep() {
    LearningRate rate = new LearningRate(1, new ScheduleSpec.Constant(2), 10, 5);
    assertThat(rate.at(0)).isEqualTo(0.1);
    assertThat(rate.at(4)).isEqualTo(0.5);
    assertThat(rate.at(9)).isEqualTo(1);
    assertThat(rate.at(10)).isEqualTo(1);
  }

  @Test
  void cosineFallsFromThePeakToTheFloor() {
    LearningRate rate = new LearningRate(2, new ScheduleSpec.Cosine(1, 0.1), 11, 10);
    assertThat(rate.at(10)).isEqualTo(2);
    // half way of the hundred steps after warm-up: the mean of peak and floor
    assertThat(rate.at(60)).isCloseTo(1.1, within(1e-12));
    assertThat(rate.at(109)).isBetween(0.2, 0.201);
  }

  @Test
  void stepFallsAfterEachOfItsEpochs() {
    LearningRate rate = new LearningRate(1, new ScheduleSpec.Step(0, List.of(2, 4), 0.1), 6, 10);
    assertThat(rate.at(19)).isEqualTo(1);
    assertThat(rate.at(20)).isCloseTo(0.1, within(1e-12));
    assertThat(rate.at(40)).isCloseTo(0.01, within(1e-12));
  }

  @Test
  void rowOrderIsAPermutationAndAFunctionOfSeedAndEpoch() {
    int[] first = new RowOrder(100, 1).of(3).clone();
    assertThat(Arrays.stream(first).sorted().toArray())
        .isEqualTo(java.util.stream.IntStream.range(0, 100).toArray());
    RowOrder again = new RowOrder(100, 1);
    int[] other = again.of(2).clone();
    assertThat(again.of(3)).isEqualTo(first).isNotEqualTo(other);
    assertThat(new RowOrder(100, 2).of(3)).isNotEqualTo(first);
  }

  @Test
  void theBestEpochIsTheEarliestOfEquals() {
    BestEpoch best = new BestEpoch(Monitor.ACCURACY, null, 1);
    best.offer(1, new Validation.Figures(1.0, 0.5), w -> w[0] = 1);
    best.offer(2, new Validation.Figures(0.9, 0.6), w -> w[0] = 2);
    best.offer(3, new Validation.Figures(0.9, 0.6), w -> w[0] = 3);
    best.offer(4, new Validation.Figures(0.1, 0.4), w -> w[0] = 4);
    assertThat(best.epoch()).isEqualTo(2);
    assertThat(best.weights()).containsExactly(2);
    best.offer(5, new Validation.Figures(0.8, 0.6), w -> w[0] = 5);
    assertThat(best.epoch()).as("loss breaks ties").isEqualTo(5);
    assertThat(best.patienceIsOver()).isFalse();
  }

  @Test
  void theLossCanBeMonitoredInstead() {
    BestEpoch best = new BestEpoch(Monitor.LOSS, null, 1);
    best.offer(1, new Validation.Figures(1.0, 0.9), w -> w[0] = 1);
    best.offer(2, new Validation.Figures(0.5, 0.1), w -> w[0] = 2);
    assertThat(best.epoch()).isEqualTo(2);
  }

  @Test
  void patienceEndsWithoutARealGain() {
    BestEpoch best = new BestEpoch(Monitor.LOSS, new EarlyStoppingSpec(2, 0.1), 1);
    best.offer(1, new Validation.Figures(1.0, 0), w -> {});
    best.offer(2, new Validation.Figures(0.95, 0), w -> {});
    assertThat(best.patienceIsOver()).isFalse();
    best.offer(3, new Validation.Figures(0.91, 0), w -> {});
    assertThat(best.patienceIsOver()).isTrue();
    assertThat(best.epoch()).as("small gains still count for the best").isEqualTo(3);
  }
}
