package io.retort.targets;

import io.retort.targets.SharedTargets.Entry;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.LongBuffer;
import java.time.Duration;
import java.time.Instant;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;

/**
 * What machines with other data directories are computing with a teacher, as one labelling sees it.
 * Nobody holds a lock there: whoever claims puts a file of row keys and puts it again every few
 * seconds, and whoever has put one looks at those of the others before it computes.
 */
final class SharedClaims {

  /** How often a holder gives a sign. */
  static final long SIGN_NANOS = TimeUnit.SECONDS.toNanos(5);

  /** A holder without a sign for so long is passed over; at worst rows are computed twice. */
  static final Duration SILENCE = Duration.ofSeconds(30);

  /** Of more rows nobody makes a piece. */
  private static final long MAX_BYTES = 1L << 26;

  private final SharedTargets shared;
  private final RowKeys keys;
  private final long silence;
  private final Map<String, Claimed> known = new HashMap<>();
  private volatile int holders;

  /**
   * @param rows ids of this labelling's rows
   * @param signed the last sign
   * @param seen when it was seen, by the clock of this process
   */
  private record Claimed(BitSet rows, Instant signed, long seen) {}

  /** A claim has ended since the listing that named it. */
  static final class EndedException extends Exception {}

  /**
   * @param silence after which a holder is passed over
   */
  SharedClaims(SharedTargets shared, RowKeys keys, Duration silence) {
    this.shared = shared;
    this.keys = keys;
    this.silence = silence.toNanos();
  }

  /**
   * @param claims of others
   * @return the ids of their rows
   * @throws EndedException where only another listing can tell what became of a claim's rows
   */
  BitSet look(List<Entry> claims) throws IOException, EndedException {
    known.keySet().retainAll(claims.stream().map(Entry::name).collect(Collectors.toSet()));
    BitSet taken = new BitSet(keys.distinct());
    int living = 0;
    for (Entry entry : claims) {
      Claimed claimed = at(entry);
      if (System.nanoTime() - claimed.seen() > silence) {
        shared.delete(entry.key()); // should it live, it comes back with its next sign
      } else {
        taken.or(claimed.rows());
        living++;
      }
    }
    holders = living;
    return taken;
  }

  /** Claims of others that there were at the last look. */
  int holders() {
    return holders;
  }

  private Claimed at(Entry entry) throws IOException, EndedException {
    Claimed last = known.get(entry.name());
    if (last != null && last.signed().equals(entry.modified())) {
      return last;
    }
    BitSet rows = last == null ? read(entry) : last.rows();
    Claimed now = new Claimed(rows, entry.modified(), System.nanoTime());
    known.put(entry.name(), now);
    return now;
  }

  private BitSet read(Entry entry) throws IOException, EndedException {
    BitSet rows = new BitSet(keys.distinct());
    if (entry.bytes() == 0 || entry.bytes() > MAX_BYTES) {
      return rows;
    }
    byte[] content = shared.read(entry.key(), 0, (int) entry.bytes());
    if (content == null) {
      throw new EndedException();
    }
    LongBuffer pairs = ByteBuffer.wrap(content).asLongBuffer();
    while (pairs.remaining() >= 2) {
      int id = keys.find(pairs.get(), pairs.get());
      if (id >= 0) {
        rows.set(id);
      }
    }
    return rows;
  }
}
