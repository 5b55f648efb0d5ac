package io.retort.engine;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.retort.targets.StoreListener;
import java.io.IOException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;

/** What the soft-target store does, as counters of this process. */
@Component
class SoftTargetMetrics implements StoreListener {

  private static final Logger LOG = LoggerFactory.getLogger(SoftTargetMetrics.class);
  private static final String ROWS = "retort.soft.targets.rows";

  private final Counter known;
  private final Counter computed;
  private final Counter written;
  private final Counter fetched;
  private final Counter evictions;
  private final Counter evicted;
  private final Counter damaged;

  SoftTargetMetrics(MeterRegistry registry) {
    known =
        Counter.builder(ROWS)
            .tag("source", "store")
            .description("Rows of jobs whose soft targets were known")
            .register(registry);
    computed =
        Counter.builder(ROWS)
            .tag("source", "teacher")
            .description("Rows of jobs that a teacher computed")
            .register(registry);
    written =
        Counter.builder("retort.soft.targets.written")
            .baseUnit("bytes")
            .description("Soft targets written")
            .register(registry);
    fetched =
        Counter.builder("retort.soft.targets.fetched")
            .baseUnit("bytes")
            .description("Soft targets copied from the bucket")
            .register(registry);
    evictions =
        Counter.builder("retort.soft.targets.evictions")
            .description("Groups of soft targets removed to make room")
            .register(registry);
    evicted =
        Counter.builder("retort.soft.targets.evicted")
            .baseUnit("bytes")
            .description("Soft targets removed to make room")
            .register(registry);
    damaged =
        Counter.builder("retort.soft.targets.damaged")
            .description("Files of soft targets that were not as they were written")
            .register(registry);
  }

  @Override
  public void known(long rows) {
    known.increment(rows);
  }

  @Override
  public void computed(long rows) {
    computed.increment(rows);
  }

  @Override
  public void written(long bytes) {
    written.increment(bytes);
  }

  @Override
  public void fetched(long bytes) {
    fetched.increment(bytes);
  }

  @Override
  public void away(IOException why) {
    LOG.warn("The bucket does not answer, labelling goes on without it: {}", why.toString());
  }

  @Override
  public void evicted(long bytes) {
    evictions.increment();
    evicted.increment(bytes);
    LOG.info("Removed {} bytes of soft targets to make room", bytes);
  }

  @Override
  public void damaged() {
    damaged.increment();
    LOG.warn("A file of soft targets was damaged and is removed; its rows are computed anew");
  }
}
