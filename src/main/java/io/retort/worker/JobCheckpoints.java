package io.retort.worker;

import io.retort.artifact.SharedFiles;
import io.retort.artifact.StorageException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The checkpoints of a job's run, in a directory, and how they get to other machines. It removes
 * there only what it brought: a worker that was taken for dead and was not must not remove what its
 * successor needs.
 */
final class JobCheckpoints {

  private static final Logger LOG = LoggerFactory.getLogger(JobCheckpoints.class);
  private static final String ENDING = ".checkpoint";

  private final SharedFiles shared;
  private final Path directory;
  private final String prefix;
  private final Set<String> brought = new HashSet<>();

  JobCheckpoints(SharedFiles shared, Path directory, String prefix) {
    this.shared = shared;
    this.directory = directory;
    this.prefix = prefix;
  }

  Path directory() {
    return directory;
  }

  /** What cannot be brought is brought the next time: a training is worth more than its backup. */
  synchronized void bring() {
    if (!shared.apart()) {
      return;
    }
    try {
      Set<String> here = here();
      for (String name : here) {
        if (!brought.contains(name)) {
          shared.put(prefix + name, directory.resolve(name));
          brought.add(name);
        }
      }
      for (String name : Set.copyOf(brought)) {
        if (!here.contains(name)) {
          shared.delete(prefix + name);
          brought.remove(name);
        }
      }
    } catch (IOException | StorageException e) {
      LOG.warn("Checkpoints could not be brought to the store: {}", e.toString());
    }
  }

  private Set<String> here() throws IOException {
    try (Stream<Path> all = Files.list(directory)) {
      return all.map(path -> path.getFileName().toString())
          .filter(name -> name.endsWith(ENDING))
          .collect(Collectors.toSet());
    }
  }
}
