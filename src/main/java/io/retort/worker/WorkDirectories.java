package io.retort.worker;

import io.retort.database.DataDirectory;
import io.retort.job.Runs.Lease;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;
import org.springframework.util.FileSystemUtils;

/** A directory for each run, gone when the run is. */
@Component
class WorkDirectories {

  private static final Logger LOG = LoggerFactory.getLogger(WorkDirectories.class);

  /** Older ones belong to nobody: a run touches its directory more often than this. */
  private static final Duration ABANDONED = Duration.ofHours(24);

  private final Path root;
  private final Clock clock;

  WorkDirectories(DataDirectory data, Clock clock) {
    this.root = data.directory("work");
    this.clock = clock;
  }

  /** An empty directory; what a lost attempt left behind is removed. */
  Path open(Lease lease) throws IOException {
    try (Stream<Path> siblings = Files.list(root)) {
      siblings
          .filter(p -> p.getFileName().toString().startsWith(lease.job() + "-"))
          .forEach(this::remove);
    }
    return Files.createDirectories(root.resolve(lease.job() + "-" + lease.attempt()));
  }

  /** An empty directory beside those of runs. */
  Path openForHelp() throws IOException {
    return Files.createTempDirectory(root, "help-");
  }

  void remove(Path directory) {
    try {
      FileSystemUtils.deleteRecursively(directory);
    } catch (IOException e) {
      LOG.warn("Could not remove {}: {}", directory, e.toString());
    }
  }

  /** Several workers may share a data directory, so only what is old is swept. */
  void sweep() {
    try (Stream<Path> all = Files.list(root)) {
      for (Path directory : all.toList()) {
        if (Files.getLastModifiedTime(directory)
            .toInstant()
            .isBefore(clock.instant().minus(ABANDONED))) {
          remove(directory);
        }
      }
    } catch (IOException e) {
      LOG.warn("Could not sweep {}: {}", root, e.toString());
    }
  }
}
