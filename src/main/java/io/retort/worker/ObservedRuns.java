package io.retort.worker;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import io.micrometer.observation.Observation;
import io.micrometer.observation.ObservationRegistry;
import io.retort.spec.Phase;
import java.time.Duration;
import java.util.Locale;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;

/**
 * Runs as spans and meters: one for the run, one for each of its phases, and the trainings' pace.
 */
@Component
@WorkerOnly
class ObservedRuns {

  private static final Logger LOG = LoggerFactory.getLogger(ObservedRuns.class);

  private final ObservationRegistry observations;
  private final MeterRegistry meters;
  private final Counter retries;

  ObservedRuns(ObservationRegistry observations, MeterRegistry meters) {
    this.observations = observations;
    this.meters = meters;
    this.retries =
        Counter.builder("retort.job.retries")
            .description("Attempts of jobs after their first")
            .register(meters);
  }

  <T> T during(LiveRun run, Supplier<T> work) {
    if (run.lease().attempt() > 1) {
      retries.increment();
    }
    Observation whole =
        Observation.createNotStarted("retort.job", observations)
            .contextualName("job")
            .lowCardinalityKeyValue("type", name(run.lease().spec().type()))
            .highCardinalityKeyValue("job", run.lease().job().toString())
            .highCardinalityKeyValue("attempt", String.valueOf(run.lease().attempt()));
    return whole.observe(
        () -> {
          try (Phases phases = new Phases(run.lease().job())) {
            run.observe(phases::begin, this::pace);
            return work.get();
          }
        });
  }

  private void pace(String role, int rows, long steps, Duration took) {
    Counter.builder("retort.training.rows")
        .description("Rows that networks were trained on")
        .tag("role", role)
        .register(meters)
        .increment(rows);
    Timer.builder("retort.training.step")
        .description("Mean time of a step, epoch by epoch, validation included")
        .tag("role", role)
        .register(meters)
        .record(took.toNanos() / Math.max(1, steps), TimeUnit.NANOSECONDS);
  }

  private static String name(Enum<?> constant) {
    return constant.name().toLowerCase(Locale.ROOT);
  }

  /** The phase that a run is in; on the run's own thread. */
  private final class Phases implements AutoCloseable {

    private final UUID job;
    private @Nullable Observation current;

    Phases(UUID job) {
      this.job = job;
    }

    void begin(Phase phase) {
      close();
      LOG.debug("Job {}: {}", job, name(phase));
      current =
          Observation.createNotStarted("retort.job.phase", observations)
              .contextualName(name(phase))
              .lowCardinalityKeyValue("phase", name(phase))
              .start();
    }

    @Override
    public void close() {
      if (current != null) {
        current.stop();
        current = null;
      }
    }
  }
}
