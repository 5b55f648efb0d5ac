package io.retort.targets;

import io.retort.targets.SharedTargets.Entry;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.LongBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.BitSet;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;

/**
 * Copies other machines' segments of one output that have rows which a labelling wants. Of large
 * ones it reads the keys first, so that what is copied follows the job and not the store. A copy
 * gets its name in the group's directory once all of it has been checked; one that is not as it was
 * written is removed where it came from.
 */
final class Arrivals {

  /** What is done between two copies. */
  interface Pause {
    void run() throws IOException;
  }

  /** Of a copy on its way. */
  static final String SUFFIX = ".incoming";

  /** Below this the keys are not worth a request of their own. */
  private static final int SMALL_BYTES = 1 << 20;

  private static final int CHUNK_BYTES = 1 << 20;

  private final SharedTargets shared;
  private final Output output;
  private final RowKeys keys;
  private final StoreListener listener;
  private final Set<String> seen = new HashSet<>();

  Arrivals(SharedTargets shared, Output output, RowKeys keys, StoreListener listener) {
    this.shared = shared;
    this.output = output;
    this.keys = keys;
    this.listener = listener;
  }

  /**
   * Looks at those that it has not seen.
   *
   * @param wanted ids; loses those that have come
   * @param between run after each
   */
  void take(List<Entry> segments, BitSet wanted, Pause between) throws IOException {
    for (Entry entry : segments) {
      if (wanted.isEmpty()) {
        return;
      }
      Path file = output.group().directory().resolve(entry.name());
      if (!seen.contains(entry.name()) && !Files.exists(file)) {
        take(entry, file, wanted);
        between.run();
      }
      seen.add(entry.name());
    }
  }

  private void take(Entry entry, Path file, BitSet wanted) throws IOException {
    if (!output.mayBe(entry.bytes())) {
      remove(entry);
    } else if (entry.bytes() <= SMALL_BYTES || hasAny(entry, wanted)) {
      copy(entry, file, wanted);
    }
  }

  private void remove(Entry entry) throws IOException {
    listener.damaged();
    shared.delete(entry.key());
  }

  /** By its keys, which stand at the end; nobody has checked them yet. */
  private boolean hasAny(Entry entry, BitSet wanted) throws IOException {
    long rows = output.rows(entry.bytes());
    long from = entry.bytes() - rows * SegmentHeader.KEY_BYTES;
    while (from < entry.bytes()) {
      int bytes = (int) Math.min(CHUNK_BYTES, entry.bytes() - from);
      byte[] read = shared.read(entry.key(), from, bytes);
      if (read == null || read.length != bytes) {
        return false;
      }
      LongBuffer pairs = ByteBuffer.wrap(read).order(ByteOrder.LITTLE_ENDIAN).asLongBuffer();
      while (pairs.hasRemaining()) {
        if (isWanted(keys.find(pairs.get(), pairs.get()), wanted)) {
          return true;
        }
      }
      from += bytes;
    }
    return false;
  }

  private static boolean isWanted(int id, BitSet wanted) {
    return id >= 0 && wanted.get(id);
  }

  private void copy(Entry entry, Path file, BitSet wanted) throws IOException {
    Path incoming = file.resolveSibling(UUID.randomUUID() + SUFFIX);
    try {
      if (!shared.fetch(entry.key(), incoming)) {
        return;
      }
      Segment segment = output.open(incoming);
      if (segment == null || !segment.intact()) {
        remove(entry);
      } else if (forget(segment, wanted)) {
        flush(incoming);
        Files.move(incoming, file, StandardCopyOption.ATOMIC_MOVE);
        listener.fetched(entry.bytes());
      }
    } finally {
      Files.deleteIfExists(incoming);
    }
  }

  /** Whether any of its rows was wanted. */
  private boolean forget(Segment segment, BitSet wanted) {
    boolean any = false;
    for (int r = 0; r < segment.rows(); r++) {
      int id = keys.find(segment.high(r), segment.low(r));
      if (isWanted(id, wanted)) {
        wanted.clear(id);
        any = true;
      }
    }
    return any;
  }

  private static void flush(Path file) throws IOException {
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
      channel.force(true);
    }
  }
}
