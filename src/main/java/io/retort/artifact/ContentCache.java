package io.retort.artifact;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Bounds what this machine keeps of a bucket: the least recently opened files go first. */
final class ContentCache {

  private static final Logger LOG = LoggerFactory.getLogger(ContentCache.class);
  private static final Duration LOOK_EVERY = Duration.ofMinutes(5);

  /** Whoever was just given a file's path has yet to open it. */
  private static final Duration IN_USE = Duration.ofHours(1);

  private final Path root;
  private final long maxBytes;
  private final Clock clock;
  private Instant looked = Instant.EPOCH;

  /**
   * @param root holds a directory of files for each beginning of a hash
   */
  ContentCache(Path root, long maxBytes, Clock clock) {
    this.root = root;
    this.maxBytes = maxBytes;
    this.clock = clock;
  }

  private record Cached(Path file, long bytes, Instant used) {}

  /** A file is used. */
  void touch(Path file) throws IOException {
    Files.setLastModifiedTime(file, FileTime.from(clock.instant()));
  }

  /** A file was added. */
  synchronized void added() {
    Instant now = clock.instant();
    if (looked.plus(LOOK_EVERY).isAfter(now)) {
      return;
    }
    looked = now;
    try {
      trim(now.minus(IN_USE));
    } catch (IOException e) {
      LOG.warn("Could not look through {}: {}", root, e.toString());
    }
  }

  private void trim(Instant unusedSince) throws IOException {
    List<Cached> files = files();
    long bytes = files.stream().mapToLong(Cached::bytes).sum();
    files.sort(Comparator.comparing(Cached::used));
    for (Cached file : files) {
      if (bytes > maxBytes && file.used().isBefore(unusedSince)) {
        Files.deleteIfExists(file.file());
        bytes -= file.bytes();
      }
    }
  }

  private List<Cached> files() throws IOException {
    List<Cached> files = new ArrayList<>();
    try (Stream<Path> all = Files.walk(root, 2)) {
      for (Path file : all.filter(p -> p.getFileName().toString().length() == 64).toList()) {
        try {
          files.add(
              new Cached(file, Files.size(file), Files.getLastModifiedTime(file).toInstant()));
        } catch (NoSuchFileException e) {
          // just removed
        }
      }
    }
    return files;
  }
}
