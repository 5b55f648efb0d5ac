package io.retort.artifact;

import io.retort.database.DataDirectory;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.context.event.ApplicationReadyEvent;
import org.springframework.context.event.EventListener;
import org.springframework.stereotype.Component;

/** Removes on start what a service that was killed had staged and never kept. */
@Component
class StagingSweep {

  /** Another process on the same directory may be staging right now. */
  private static final Duration AGE = Duration.ofHours(24);

  private static final Logger LOG = LoggerFactory.getLogger(StagingSweep.class);

  private final ContentStore contents;
  private final Path staging;
  private final Clock clock;

  StagingSweep(ContentStore contents, DataDirectory data, Clock clock) {
    this.contents = contents;
    this.staging = data.directory("artifacts", "staging");
    this.clock = clock;
  }

  @EventListener(ApplicationReadyEvent.class)
  void sweep() {
    Instant limit = clock.instant().minus(AGE);
    try (Stream<Path> files = Files.list(staging)) {
      for (Path file : files.toList()) {
        if (Files.getLastModifiedTime(file).toInstant().isBefore(limit)) {
          Files.deleteIfExists(file);
        }
      }
      contents.sweepShared(limit);
    } catch (IOException | StorageException e) {
      LOG.warn("Could not sweep what was staged: {}", e.toString());
    }
  }
}
