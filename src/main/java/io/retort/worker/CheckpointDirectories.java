package io.retort.worker;

import io.retort.artifact.SharedFiles;
import io.retort.artifact.StorageException;
import io.retort.database.DataDirectory;
import io.retort.job.JobSearch;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
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
 * A directory for each job's checkpoints, where every worker of the data directory finds it; where
 * there is a bucket, every worker. It stays from attempt to attempt and goes when the job has
 * ended, wherever that was written.
 */
@Component
@WorkerOnly
class CheckpointDirectories {

  private static final Logger LOG = LoggerFactory.getLogger(CheckpointDirectories.class);

  /** Whatever else lies there is somebody else's. */
  private static final Pattern JOB = Pattern.compile("[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}");

  private static final String PREFIX = "checkpoints/";

  private final Path root;
  private final SharedFiles shared;
  private final JobSearch jobs;

  CheckpointDirectories(DataDirectory data, SharedFiles shared, JobSearch jobs) {
    this.shared = shared;
    this.root = data.directory("checkpoints");
    this.jobs = jobs;
  }

  /** Whether the job runs on this data directory. */
  boolean has(UUID job) {
    return Files.isDirectory(root.resolve(job.toString()));
  }

  /**
   * The directory, with what other machines have left for the job.
   *
   * @throws io.retort.artifact.StorageException where that cannot be had just now
   */
  JobCheckpoints open(UUID job) throws IOException {
    Path directory = Files.createDirectories(root.resolve(job.toString()));
    for (SharedFiles.Entry entry : shared.list(prefix(job))) {
      Path file = directory.resolve(Path.of(entry.name()).getFileName());
      Path beside = directory.resolve(UUID.randomUUID() + ".tmp");
      if (!Files.exists(file) && shared.fetch(entry.key(), beside)) {
        Files.move(beside, file, StandardCopyOption.ATOMIC_MOVE);
      }
    }
    return new JobCheckpoints(shared, directory, prefix(job));
  }

  private static String prefix(UUID job) {
    return PREFIX + job + "/";
  }

  /** Removes those of jobs that have ended. */
  void sweep() {
    try {
      sweepHere();
      sweepShared();
    } catch (IOException | StorageException e) {
      LOG.warn("Could not sweep the checkpoints: {}", e.toString());
    }
  }

  private void sweepHere() throws IOException {
    Map<UUID, Path> found = new TreeMap<>();
    try (Stream<Path> all = Files.list(root)) {
      all.filter(path -> JOB.matcher(path.getFileName().toString()).matches())
          .forEach(path -> found.put(UUID.fromString(path.getFileName().toString()), path));
    }
    for (UUID job : jobs.ended(found.keySet())) {
      FileSystemUtils.deleteRecursively(found.get(job));
    }
  }

  private void sweepShared() {
    Map<UUID, List<String>> found = new TreeMap<>();
    for (SharedFiles.Entry entry : shared.list(PREFIX)) {
      String job = entry.key().substring(PREFIX.length()).split("/", 2)[0];
      if (JOB.matcher(job).matches()) {
        found.computeIfAbsent(UUID.fromString(job), j -> new ArrayList<>()).add(entry.key());
      }
    }
    for (UUID job : jobs.ended(found.keySet())) {
      found.getOrDefault(job, List.of()).forEach(shared::delete);
    }
  }
}
