package io.retort.targets;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;

/** The directory of one teacher's one output in one precision; what eviction removes as a whole. */
record Group(Path directory) {

  private static final String USED = "used";

  /** Copies on their way are written to more often than this. */
  private static final Duration ABANDONED = Duration.ofHours(1);

  /** Creates it where it does not exist. */
  static Group of(Path directory) throws IOException {
    Files.createDirectories(directory);
    return new Group(directory);
  }

  /** Of the output and its precision; one of those of its teacher. */
  String name() {
    return directory.getFileName().toString();
  }

  List<Path> segments() throws IOException {
    return files(Segment.SUFFIX);
  }

  private List<Path> files(String suffix) throws IOException {
    try (Stream<Path> files = Files.list(directory)) {
      return files.filter(p -> p.toString().endsWith(suffix)).sorted().toList();
    }
  }

  long bytes() throws IOException {
    long bytes = 0;
    for (Path segment : segments()) {
      try {
        bytes += Files.size(segment);
      } catch (NoSuchFileException e) {
        // removed as damaged in the meantime
      }
    }
    return bytes;
  }

  /** What writers that died have left behind. Only while nobody computes. */
  void removeUnfinished() throws IOException {
    for (Path part : files(SegmentWriter.SUFFIX)) {
      Files.deleteIfExists(part);
    }
    Instant old = Instant.now().minus(ABANDONED);
    for (Path incoming : files(Arrivals.SUFFIX)) {
      if (Files.getLastModifiedTime(incoming).toInstant().isBefore(old)) {
        Files.deleteIfExists(incoming);
      }
    }
  }

  void touch(Instant now) throws IOException {
    Path used = directory.resolve(USED);
    if (!Files.exists(used)) {
      Files.write(used, new byte[0]);
    }
    Files.setLastModifiedTime(used, FileTime.from(now));
  }

  /** When somebody last began or ended to read it; long ago where that is not known. */
  Instant used() throws IOException {
    Path used = directory.resolve(USED);
    return Files.exists(used) ? Files.getLastModifiedTime(used).toInstant() : Instant.EPOCH;
  }

  /** Removes it, and the teacher's directory with it once that has no other group. */
  void remove() throws IOException {
    for (Path file : files("")) {
      Files.deleteIfExists(file);
    }
    Files.delete(directory);
    Path teacher = Objects.requireNonNull(directory.getParent());
    try (Stream<Path> rest = Files.list(teacher)) {
      if (rest.anyMatch(Files::isDirectory)) {
        return;
      }
    }
    Files.deleteIfExists(teacher.resolve(Groups.TURN));
    Files.deleteIfExists(teacher);
  }
}
