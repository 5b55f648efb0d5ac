package io.retort.training;

import java.nio.file.Path;
import java.time.Duration;
import java.util.function.BooleanSupplier;

/**
 * Where the trainings of a job leave their state for its next attempt.
 *
 * @param directory exists as long as the job may go on; whoever keeps it removes it
 * @param every time between two checkpoints
 * @param leaving true once the job is to stop here and go on elsewhere; cheap
 * @param kept called when one was written
 */
public record CheckpointPlace(
    Path directory, Duration every, BooleanSupplier leaving, Runnable kept) {

  /**
   * The checkpoints of one training.
   *
   * @param name of the training among the job's
   * @param identity everything that its numbers depend on: checkpoints of another are not taken up
   */
  Checkpoints of(String name, String identity) {
    return new CheckpointFiles(this, name, identity);
  }
}
