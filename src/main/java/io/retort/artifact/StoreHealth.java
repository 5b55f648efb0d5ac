package io.retort.artifact;

import io.retort.database.DataDirectory;
import java.nio.file.Files;
import java.nio.file.Path;
import org.springframework.boot.health.contributor.AbstractHealthIndicator;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.Status;
import org.springframework.stereotype.Component;

/**
 * Whether files can be kept and found: the data directory can be written to, the bucket answers.
 */
@Component("storeHealthIndicator")
class StoreHealth extends AbstractHealthIndicator {

  private final SharedFiles shared;
  private final Path artifacts;

  StoreHealth(SharedFiles shared, DataDirectory data) {
    super("the store cannot be asked");
    this.shared = shared;
    this.artifacts = data.directory("artifacts");
  }

  @Override
  protected void doHealthCheck(Health.Builder health) {
    boolean writable = Files.isWritable(artifacts);
    health
        .status(writable && shared.answers() ? Status.UP : Status.DOWN)
        .withDetail("kind", shared.apart() ? "bucket" : "directory");
  }
}
