package io.retort.targets;

import java.io.IOException;
import java.nio.LongBuffer;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** What others with the same teacher are computing, as one labelling sees it. */
final class Claims {

  /**
   * A holder that gives no sign for so long is passed over: it may have been stopped by its system.
   * If it was only slow, its rows are computed twice, to no harm.
   */
  private static final long SILENCE_NANOS = TimeUnit.MINUTES.toNanos(6);

  private final Path directory;
  private final RowKeys keys;
  private final Map<Path, Sign> signs = new HashMap<>();

  /** The last sign of a holder, and when it was seen, by the clock of this process. */
  private record Sign(FileTime given, long seen) {}

  Claims(Path directory, RowKeys keys) {
    this.directory = directory;
    this.keys = keys;
  }

  /**
   * Looks at all claims that there are.
   *
   * @param taken receives the ids of their rows
   * @return how many there are, on whatever rows
   */
  int look(BitSet taken) throws IOException {
    List<Path> files = HeldFile.in(directory, HeldFile.CLAIM);
    signs.keySet().retainAll(files);
    for (Path file : files) {
      if (!isSilent(file)) {
        LongBuffer pairs = Claim.read(file);
        while (pairs.remaining() >= 2) {
          int id = keys.find(pairs.get(), pairs.get());
          if (id >= 0) {
            taken.set(id);
          }
        }
      }
    }
    return files.size();
  }

  private boolean isSilent(Path file) throws IOException {
    long now = System.nanoTime();
    try {
      FileTime given = Files.getLastModifiedTime(file);
      Sign last = signs.get(file);
      if (last == null || !last.given().equals(given)) {
        signs.put(file, new Sign(given, now));
        return false;
      }
      return now - last.seen() > SILENCE_NANOS;
    } catch (NoSuchFileException e) {
      return true; // it has just ended
    }
  }
}
