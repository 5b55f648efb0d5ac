package io.retort.targets;

import io.retort.spec.Cancellation;
import io.retort.spec.Precision;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/**
 * All groups of a data directory: {@code <teacher>/<output>-<precision>}. Groups come and go under
 * one mutex, and so do leases, so that nobody takes a lease on what is just being removed.
 */
final class Groups {

  /** Held by whoever looks for rows that the teacher should compute. */
  static final String TURN = "turn.lock";

  private static final String MUTEX = "mutex.lock";

  private final Path root;

  Groups(Path root) {
    this.root = root;
  }

  FileMutex mutex(Cancellation cancellation) throws IOException {
    Files.createDirectories(root);
    return FileMutex.of(root.resolve(MUTEX), cancellation);
  }

  Path turn(String teacher) {
    return root.resolve(teacher).resolve(TURN);
  }

  /** Only under the mutex. */
  Group open(String teacher, String output, Precision precision) throws IOException {
    String suffix = precision == Precision.FLOAT32 ? "-f32" : "-f16";
    return Group.of(root.resolve(teacher).resolve(output + suffix));
  }

  private List<Group> all() throws IOException {
    List<Group> groups = new ArrayList<>();
    for (Path teacher : directories(root)) {
      directories(teacher).forEach(directory -> groups.add(new Group(directory)));
    }
    return groups;
  }

  private static List<Path> directories(Path parent) throws IOException {
    try (Stream<Path> children = Files.list(parent)) {
      return children.filter(Files::isDirectory).toList();
    }
  }

  long bytes() throws IOException {
    long bytes = 0;
    for (Group group : all()) {
      bytes += group.bytes();
    }
    return bytes;
  }

  /**
   * Removes the least recently used groups that nobody reads, until what is left and {@code
   * expected} more bytes fit. Only under the mutex.
   */
  void makeRoom(long maxBytes, long expected, StoreListener listener) throws IOException {
    List<Candidate> candidates = new ArrayList<>();
    for (Group group : all()) {
      candidates.add(new Candidate(group, group.bytes(), group.used()));
    }
    candidates.sort(Comparator.comparing(Candidate::used));
    long total = expected + candidates.stream().mapToLong(Candidate::bytes).sum();
    for (Candidate c : candidates) {
      boolean unwanted = total > maxBytes || c.bytes() == 0;
      if (unwanted && HeldFile.in(c.group().directory(), HeldFile.LEASE).isEmpty()) {
        c.group().remove();
        total -= c.bytes();
        if (c.bytes() > 0) {
          listener.evicted(c.bytes());
        }
      }
    }
  }

  /** Removes the groups that nobody reads, or has read since a time. Only under the mutex. */
  int removeUnused(Instant since) throws IOException {
    int removed = 0;
    for (Group group : all()) {
      if (group.used().isBefore(since)
          && HeldFile.in(group.directory(), HeldFile.LEASE).isEmpty()) {
        group.remove();
        removed++;
      }
    }
    return removed;
  }

  /** Looked at once, so that the order of eviction is one order. */
  private record Candidate(Group group, long bytes, Instant used) {}
}
