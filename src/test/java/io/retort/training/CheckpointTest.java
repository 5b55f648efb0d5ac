package io.retort.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.retort.model.ModelDefinition;
import io.retort.spec.Architecture;
import io.retort.spec.Cancellation;
import io.retort.spec.EarlyStoppingSpec;
import io.retort.spec.ObjectiveSpec;
import io.retort.spec.OptimizerSpec;
import io.retort.spec.TrainingSpec;
import io.retort.testing.NeedsBackend;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

@NeedsBackend
class CheckpointTest {

  private static final ArraySplit TRAIN = ArraySplit.blobs(205, 6, 4, 1);
  private static final ArraySplit VALIDATION = ArraySplit.blobs(90, 6, 4, 2);
  private static final Duration ALWAYS = Duration.ZERO;
  private static final Duration NEVER = Duration.ofDays(1);

  /** Five steps and the validation, of each of four epochs. */
  private static final int CHECKS = 24;

  @TempDir Path directory;

  static Stream<OptimizerSpec> optimizers() {
    return Stream.of(
        new OptimizerSpec.Adam(0.02, null, null, null),
        new OptimizerSpec.AdamW(0.02, null, null, null, null),
        new OptimizerSpec.Sgd(0.05, 0.9, true, 1e-4));
  }

  @ParameterizedTest
  @MethodSource("optimizers")
  void aTrainingStoppedAnywhereEndsAsIfItHadNotBeen(OptimizerSpec optimizer) {
    List<EpochMetrics> whole = new ArrayList<>();
    TrainingOutcome expected = run(optimizer, NEVER, false, Integer.MAX_VALUE, whole);
    for (int stop = 1; stop <= CHECKS; stop++) {
      clear();
      int at = stop;
      assertThatThrownBy(() -> run(optimizer, NEVER, true, at, new ArrayList<>()))
          .isInstanceOf(Cancellation.CancelledException.class);
      List<EpochMetrics> epochs = new ArrayList<>();
      TrainingOutcome resumed = run(optimizer, NEVER, false, Integer.MAX_VALUE, epochs);
      assertThat(resumed.model().parameters()).isEqualTo(expected.model().parameters());
      assertThat(resumed.steps()).isEqualTo(expected.steps());
      assertThat(resumed.bestEpoch()).isEqualTo(expected.bestEpoch());
      assertThat(epochs).isEqualTo(whole);
    }
  }

  @Test
  void aKilledTrainingGoesOnFromTheLastOfTwoCheckpoints() throws IOException {
    OptimizerSpec adam = optimizers().toList().get(0);
    TrainingOutcome expected = run(adam, NEVER, false, Integer.MAX_VALUE, new ArrayList<>());
    clear();
    assertThatThrownBy(() -> run(adam, ALWAYS, false, 15, new ArrayList<>()))
        .isInstanceOf(Cancellation.CancelledException.class);
    assertThat(files()).hasSize(2);
    AtomicInteger checks = new AtomicInteger();
    TrainingOutcome resumed =
        run(adam, NEVER, false, () -> checks.incrementAndGet() < 0, new ArrayList<>());
    assertThat(resumed.model().parameters()).isEqualTo(expected.model().parameters());
    assertThat(checks.get()).isEqualTo(CHECKS - 14);
  }

  @Test
  void aTornCheckpointGivesWayToTheOneBeforeIt() throws IOException {
    OptimizerSpec adam = optimizers().toList().get(0);
    TrainingOutcome expected = run(adam, NEVER, false, Integer.MAX_VALUE, new ArrayList<>());
    for (int damage = 0; damage < 3; damage++) {
      clear();
      assertThatThrownBy(() -> run(adam, ALWAYS, false, 15, new ArrayList<>()))
          .isInstanceOf(Cancellation.CancelledException.class);
      Path newest = files().get(1);
      byte[] bytes = Files.readAllBytes(newest);
      if (damage == 0) {
        Files.write(newest, new byte[0]);
      } else if (damage == 1) {
        Files.write(newest, java.util.Arrays.copyOf(bytes, bytes.length / 2));
      } else {
        bytes[bytes.length / 2] ^= 1;
        Files.write(newest, bytes);
      }
      AtomicInteger checks = new AtomicInteger();
      TrainingOutcome resumed =
          run(adam, NEVER, false, () -> checks.incrementAndGet() < 0, new ArrayList<>());
      assertThat(resumed.model().parameters()).isEqualTo(expected.model().parameters());
      assertThat(checks.get()).isEqualTo(CHECKS - 13);
    }
  }

  @Test
  void aFinishedTrainingIsNotDoneAgain() {
    OptimizerSpec adam = optimizers().toList().get(0);
    TrainingOutcome first = run(adam, NEVER, false, Integer.MAX_VALUE, new ArrayList<>());
    TrainingOutcome again = run(adam, NEVER, false, 1, new ArrayList<>());
    assertThat(again.model().parameters()).isEqualTo(first.model().parameters());
    assertThat(again.epochs()).isEqualTo(4);
  }

  @Test
  void anotherTrainingsCheckpointIsLeftAlone() {
    List<OptimizerSpec> two = optimizers().toList();
    TrainingOutcome expected = run(two.get(1), NEVER, false, Integer.MAX_VALUE, new ArrayList<>());
    clear();
    run(two.get(0), NEVER, false, Integer.MAX_VALUE, new ArrayList<>());
    TrainingOutcome other = run(two.get(1), NEVER, false, Integer.MAX_VALUE, new ArrayList<>());
    assertThat(other.model().parameters()).isEqualTo(expected.model().parameters());
  }

  @Test
  void aDirectoryThatIsGoneDoesNotStopATraining() throws IOException {
    Files.delete(directory);
    OptimizerSpec adam = optimizers().toList().get(0);
    assertThat(run(adam, ALWAYS, false, Integer.MAX_VALUE, new ArrayList<>()).epochs())
        .isEqualTo(4);
    assertThat(directory).doesNotExist();
  }

  private TrainingOutcome run(
      OptimizerSpec optimizer, Duration every, boolean leaving, int stop, List<EpochMetrics> to) {
    AtomicInteger checks = new AtomicInteger();
    return run(optimizer, every, leaving, () -> checks.incrementAndGet() >= stop, to);
  }

  private TrainingOutcome run(
      OptimizerSpec optimizer,
      Duration every,
      boolean leaving,
      Cancellation cancellation,
      List<EpochMetrics> to) {
    ModelDefinition mlp =
        new ModelDefinition(
            new Architecture.Mlp(List.of(24), null, 0.2, null),
            List.of(6),
            List.of("a", "b", "c", "d"),
            null);
    TrainingSpec spec =
        new TrainingSpec(4, 50, optimizer, null, null, new EarlyStoppingSpec(10, null), 3L);
    return new Trainer(1)
        .train(
            new TrainingTask(mlp, TRAIN, VALIDATION, null, ObjectiveSpec.labelsOnly(1, 1), spec),
            new TrainingListener() {
              @Override
              public void epochDone(EpochMetrics metrics) {
                to.add(metrics);
              }
            },
            cancellation,
            new CheckpointPlace(directory, every, () -> leaving, () -> {}),
            "student",
            "the rows");
  }

  private List<Path> files() throws IOException {
    try (Stream<Path> all = Files.list(directory)) {
      return all.sorted(Comparator.comparing(Path::toString)).toList();
    }
  }

  private void clear() {
    try {
      for (Path file : files()) {
        Files.delete(file);
      }
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }
}
