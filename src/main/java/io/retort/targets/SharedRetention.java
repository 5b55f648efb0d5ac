package io.retort.targets;

import io.retort.targets.SharedTargets.Entry;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Removes groups of soft targets, and claims of the dead, where machines share them. Whoever has
 * copies goes on with these; whoever still lacks rows computes them.
 */
final class SharedRetention {

  private final SharedTargets shared;
  private final StoreListener listener;

  SharedRetention(SharedTargets shared, StoreListener listener) {
    this.shared = shared;
    this.listener = listener;
  }

  /** Everything below one directory. */
  private record Files(List<Entry> entries) {
    long bytes() {
      return entries.stream().mapToLong(Entry::bytes).sum();
    }

    /** When somebody last began to read it, or wrote to it. */
    Instant used() {
      return entries.stream().map(Entry::modified).max(Comparator.naturalOrder()).orElseThrow();
    }
  }

  /**
   * @param unusedSince groups that nobody has used since go
   * @param maxBytes beyond these, the least recently used go
   * @return how many went
   */
  int sweep(Instant unusedSince, long maxBytes) throws IOException {
    Map<String, Files> byDirectory = new TreeMap<>();
    for (Entry entry : shared.list(SharedKeys.ROOT)) {
      String directory = entry.key().substring(0, entry.key().lastIndexOf('/'));
      byDirectory
          .computeIfAbsent(directory, d -> new Files(new ArrayList<>()))
          .entries()
          .add(entry);
    }
    List<Files> oldest =
        byDirectory.values().stream().sorted(Comparator.comparing(Files::used)).toList();
    long bytes = oldest.stream().mapToLong(Files::bytes).sum();
    int removed = 0;
    for (Files files : oldest) {
      if (files.used().isBefore(unusedSince) || bytes > maxBytes) {
        for (Entry entry : files.entries()) {
          shared.delete(entry.key());
        }
        bytes -= files.bytes();
        listener.evicted(files.bytes());
        removed++;
      }
    }
    return removed;
  }
}
