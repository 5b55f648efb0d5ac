package io.retort.pipeline;

import io.retort.model.StoredModel;
import io.retort.spec.Cancellation;
import io.retort.spec.JobSpec;
import io.retort.spec.Phase;
import io.retort.training.CheckpointPlace;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;

/** What a run of the pipeline needs from whoever runs it, and whom it tells how it goes. */
public interface PipelineContext {

  /** An empty directory of this run's own; its owner deletes it. */
  Path workDirectory();

  /** Whose job it is: what a teacher gave for one owner's jobs serves no other's. */
  default String owner() {
    return "";
  }

  /** Compute threads of this run, at least 1. */
  int threads();

  Cancellation cancellation();

  /** Where the job's trainings leave their state for its next attempt. */
  CheckpointPlace checkpoints();

  /**
   * Told once, before anything is computed: what the job turned out to need.
   *
   * @throws MemoryException where there is not as much for it
   */
  default void needs(MemoryEstimate memory) {}

  /** A model of the registry. */
  StoredModel model(String id);

  void phase(Phase phase);

  /**
   * What the job is going to do, once that is known.
   *
   * @param resolved the spec with every default, and with what was found out about data and teacher
   */
  default void planned(JobSpec resolved) {}

  /**
   * How far the job is.
   *
   * @param done share of the whole job, 0..1, never falling
   */
  void progress(double done);

  /**
   * A teacher that was there before the job labels rows, which other workers could share.
   *
   * @param left how long that will still take, as it looks
   */
  default void labelling(Duration left) {}

  /**
   * One point of a series.
   *
   * @param series such as {@code student.loss}
   * @param epoch from 1
   */
  void metric(String series, int epoch, long step, double value);

  /**
   * How fast a training goes: one epoch of it, validation included.
   *
   * @param role that is trained
   * @param rows that it was trained on
   */
  default void pace(String role, int rows, long steps, Duration took) {}

  /**
   * Something worth telling the user.
   *
   * @param data further facts by name; JSON-compatible values
   */
  void event(Level level, String message, Map<String, Object> data);

  /** How much an event matters. */
  enum Level {
    INFO,
    WARNING,
    ERROR
  }
}
