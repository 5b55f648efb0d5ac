package io.retort.artifact;

import io.retort.database.DataDirectory;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.stereotype.Component;

/**
 * Whether the store takes files: one is written, flushed, renamed and removed, as everything that
 * is kept is, and the bucket answers where there is one. Asked often, it looks every few seconds
 * only.
 */
@Component("storeHealthIndicator") // "store" among the health contributors
public class StoreHealth implements HealthIndicator {

  private static final Logger LOG = LoggerFactory.getLogger(StoreHealth.class);
  private static final Duration KNOWN = Duration.ofSeconds(3);
  private static final byte[] CONTENT = {'o', 'k'};

  private final Path staging;
  private final Path artifacts;
  private final StoreSettings settings;
  private final SharedFiles shared;
  private final Clock clock;
  private Instant looked = Instant.EPOCH;
  private String problem = "";

  StoreHealth(DataDirectory data, StoreSettings settings, SharedFiles shared, Clock clock) {
    this.shared = shared;
    this.artifacts = data.directory("artifacts");
    this.staging = data.directory("artifacts", "staging");
    this.settings = settings;
    this.clock = clock;
  }

  @Override
  public Health health() {
    String found = problem();
    return (found.isEmpty() ? Health.up() : Health.down().withDetail("problem", found)).build();
  }

  public boolean isUp() {
    return problem().isEmpty();
  }

  /** Empty where all is well. */
  private synchronized String problem() {
    Instant now = clock.instant();
    if (now.isAfter(looked.plus(KNOWN)) || now.isBefore(looked)) {
      String before = problem;
      problem = look();
      looked = now;
      if (!problem.equals(before)) {
        LOG.warn("The store is {}", problem.isEmpty() ? "usable again" : "down: " + problem);
      }
    }
    return problem;
  }

  private String look() {
    try {
      long free = Files.getFileStore(artifacts).getUsableSpace();
      if (free < settings.minFree().toBytes()) {
        return "little disk space is left (retort.store.min-free)";
      }
      write();
      return shared.answers() ? "" : "the bucket does not answer";
    } catch (IOException e) {
      return "a file could not be written: " + e.getClass().getSimpleName();
    }
  }

  private void write() throws IOException {
    Path written = Files.createTempFile(staging, "health", ".part");
    Path renamed = artifacts.resolve(written.getFileName().toString());
    try {
      try (FileChannel out = FileChannel.open(written, StandardOpenOption.WRITE)) {
        ByteBuffer bytes = ByteBuffer.wrap(CONTENT);
        while (bytes.hasRemaining()) {
          out.write(bytes);
        }
        out.force(true);
      }
      Files.move(written, renamed, StandardCopyOption.ATOMIC_MOVE);
    } finally {
      Files.deleteIfExists(written);
      Files.deleteIfExists(renamed);
    }
  }
}
