package io.retort.worker;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.UUID;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Why this worker could not help whom. Whoever lacks what a labelling needs may lack it for all of
 * it, so each cause is told once a job, and every further try waits twice as long.
 */
final class HelpFailures {

  private static final Logger LOG = LoggerFactory.getLogger(HelpFailures.class);
  private static final Duration FIRST = Duration.ofSeconds(30);
  private static final Duration LONGEST = Duration.ofMinutes(10);
  private static final int JOBS = 100;

  private record Known(String cause, Duration pause) {}

  private final Map<UUID, Known> byJob =
      new LinkedHashMap<>() {
        private static final long serialVersionUID = 1;

        @Override
        protected boolean removeEldestEntry(Map.Entry<UUID, Known> eldest) {
          return size() > JOBS;
        }
      };

  /** How long to leave a job alone of which help has just failed. */
  synchronized Duration pause(UUID job, Exception failure) {
    Known known = byJob.get(job);
    String cause = failure.toString();
    if (known == null || !known.cause().equals(cause)) {
      LOG.warn("Cannot help to label job {}: {}", job, cause);
      LOG.debug("Because of", failure);
    }
    Duration pause = known == null ? FIRST : known.pause().multipliedBy(2);
    Duration bounded = pause.compareTo(LONGEST) < 0 ? pause : LONGEST;
    byJob.put(job, new Known(cause, bounded));
    return bounded;
  }
}
