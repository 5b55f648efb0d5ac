package io.retort.spec;

import com.fasterxml.jackson.annotation.JsonProperty;
import io.swagger.v3.oas.annotations.media.Schema;
import jakarta.validation.Valid;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import org.jspecify.annotations.Nullable;

/**
 * How a network is trained.
 *
 * @param epochs null where the training part decides
 * @param monitor what the best epoch is chosen by; the other one breaks ties
 * @param earlyStopping null trains all epochs; the best epoch is kept either way
 */
// No `default`s: a teacher's are the job's, and generated clients would send them.
@Schema(
    description =
        "Epochs, batches, optimiser and its schedule. What a teacher's leaves out is the job's.")
public record TrainingSpec(
    @Schema(
            description =
                "When left out, 50; as many as show 64,000 rows, up to 1,000, where the training"
                    + " part is smaller than 1,280 rows",
            minimum = "1",
            maximum = "10000")
        @Min(1)
        @Max(10_000)
        @Nullable Integer epochs,
    @Schema(
            description =
                "Rows a step, 64 when left out; a larger one than the training part is cut to it",
            minimum = "1",
            maximum = "65536")
        @Min(1)
        @Max(65_536)
        Integer batchSize,
    @Valid OptimizerSpec optimizer,
    @Valid ScheduleSpec schedule,
    @Schema(
            description =
                "What the best epoch is chosen by, on the validation part; `accuracy` when left out")
        Monitor monitor,
    @Schema(description = "Stop when `monitor` no longer gets better; off when left out") @Valid
        @Nullable EarlyStoppingSpec earlyStopping,
    @Valid BatchingSpec batching,
    @Schema(
            description =
                "Seed of the initial weights, the row order and dropout; 42 when left out")
        Long seed) {

  private static final int EPOCHS = 50;

  /** Fewer rows than 50 epochs of these are too few steps for a network to learn from. */
  private static final int SHOWN_ROWS = 64_000;

  private static final int MOST_EPOCHS = 1_000;

  /** A figure on the validation part. */
  public enum Monitor {
    @JsonProperty("accuracy")
    ACCURACY,
    @JsonProperty("loss")
    LOSS
  }

  static final TrainingSpec DEFAULT =
      new TrainingSpec(
          null, 64, OptimizerSpec.DEFAULT, ScheduleSpec.DEFAULT, Monitor.ACCURACY, null, 42L);

  /** Shuffled batches. */
  public TrainingSpec(
      @Nullable Integer epochs,
      Integer batchSize,
      OptimizerSpec optimizer,
      ScheduleSpec schedule,
      Monitor monitor,
      @Nullable EarlyStoppingSpec earlyStopping,
      Long seed) {
    this(
        epochs, batchSize, optimizer, schedule, monitor, earlyStopping, BatchingSpec.DEFAULT, seed);
  }

  /** Epochs, 50 where none are given and no training part has decided. */
  public int epochCount() {
    return epochs == null ? EPOCHS : epochs;
  }

  /**
   * The same with as many epochs as are given, or as so many rows need.
   *
   * @param rows of the training part, at least 1
   */
  public TrainingSpec forRows(int rows) {
    int needed = Math.min((SHOWN_ROWS + rows - 1) / rows, MOST_EPOCHS);
    return new TrainingSpec(
        epochs == null ? Integer.valueOf(Math.max(EPOCHS, needed)) : epochs,
        batchSize,
        optimizer,
        schedule,
        monitor,
        earlyStopping,
        batching,
        seed);
  }

  /** The same with other batches. */
  public TrainingSpec withBatching(BatchingSpec chosen) {
    return new TrainingSpec(
        epochs, batchSize, optimizer, schedule, monitor, earlyStopping, chosen, seed);
  }

  /** The same with shuffled batches, as whoever knows no teacher is trained. */
  public TrainingSpec shuffled() {
    return withBatching(BatchingSpec.DEFAULT);
  }

  public TrainingSpec {
    batchSize = Defaults.or(batchSize, 64);
    optimizer = Defaults.or(optimizer, OptimizerSpec.DEFAULT);
    schedule = Defaults.or(schedule, ScheduleSpec.DEFAULT);
    monitor = Defaults.or(monitor, Monitor.ACCURACY);
    batching = Defaults.or(batching, BatchingSpec.DEFAULT);
    seed = Defaults.or(seed, 42L);
  }
}
