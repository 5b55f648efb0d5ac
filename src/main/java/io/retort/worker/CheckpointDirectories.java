package io.retort.worker;

import io.retort.database.DataDirectory;
import io.retort.job.JobSearch;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;
import org.springframework.util.FileSystemUtils;

/**
 * A directory for each job's checkpoints, where every worker of the data directory finds it. It
 * stays from attempt to attempt and goes when the job has ended, wherever that was written.
 */
@Component
@WorkerOnly
class CheckpointDirectories {

  private static final Logger LOG = LoggerFactory.getLogger(CheckpointDirectories.class);

  /** Whatever else lies there is somebody else's. */
  private static final Pattern JOB = Pattern.compile("[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}");

  private final Path root;
  private final JobSearch jobs;

  CheckpointDirectories(DataDirectory data, JobSearch jobs) {
    this.root = data.directory("checkpoints");
    this.jobs = jobs;
  }

  /** Whether the job runs on this data directory. */
  boolean has(UUID job) {
    return Files.isDirectory(root.resolve(job.toString()));
  }

  Path open(UUID job) throws IOException {
    return Files.createDirectories(root.resolve(job.toString()));
  }

  /** Removes those of jobs that have ended. */
  void sweep() {
    try {
      Map<UUID, Path> found = new TreeMap<>();
      try (Stream<Path> all = Files.list(root)) {
        all.filter(path -> JOB.matcher(path.getFileName().toString()).matches())
            .forEach(path -> found.put(UUID.fromString(path.getFileName().toString()), path));
      }
      for (UUID job : jobs.ended(found.keySet())) {
        FileSystemUtils.deleteRecursively(found.get(job));
      }
    } catch (IOException e) {
      LOG.warn("Could not sweep the checkpoints: {}", e.toString());
    }
  }
}
