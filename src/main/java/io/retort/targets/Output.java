package io.retort.targets;

import io.retort.spec.Precision;
import java.io.IOException;
import java.nio.FloatBuffer;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * One output of a teacher in one job: where each of the job's rows lies, and what is being added.
 */
final class Output {

  private static final long UNKNOWN = -1;

  /** In the segment that is being written. */
  private static final long PENDING = -2;

  private final Group group;
  private final int width;
  private final Precision precision;
  private final RowKeys keys;
  private final StoreListener listener;
  private final List<Segment> segments = new ArrayList<>();
  private final Set<Path> seen = new HashSet<>();
  private final long[] places;
  private @Nullable SegmentWriter writer;

  Output(Group group, int width, Precision precision, RowKeys keys, StoreListener listener) {
    this.group = group;
    this.width = width;
    this.precision = precision;
    this.keys = keys;
    this.listener = listener;
    this.places = new long[keys.distinct()];
    Arrays.fill(places, UNKNOWN);
  }

  static long place(int segment, int row) {
    return (long) segment << 32 | row;
  }

  static int segment(long place) {
    return (int) (place >>> 32);
  }

  static int row(long place) {
    return (int) place;
  }

  Group group() {
    return group;
  }

  /** Finds rows in segments that have come since the last time. */
  void scan() throws IOException {
    for (Path file : group.segments()) {
      if (seen.add(file)) {
        try {
          Segment segment = open(file);
          if (segment == null || !take(segment)) {
            listener.damaged();
            Files.deleteIfExists(file);
          }
        } catch (NoSuchFileException e) {
          // found to be damaged by another job
        }
      }
    }
  }

  /** Null where it is damaged, or not one of this output's. */
  @Nullable Segment open(Path file) throws IOException {
    return Segment.open(file, width, precision);
  }

  /** Whether a file of this length may be a segment. */
  boolean mayBe(long bytes) {
    return bytes <= Integer.MAX_VALUE
        && rows(bytes) > 0
        && bytes == SegmentHeader.BYTES + rows(bytes) * rowBytes();
  }

  /** Of a segment of this length. */
  long rows(long bytes) {
    return (bytes - SegmentHeader.BYTES) / rowBytes();
  }

  /** Values are checked only where any of them is wanted. */
  private boolean take(Segment segment) {
    boolean intact = false;
    for (int r = 0; r < segment.rows(); r++) {
      int id = keys.find(segment.high(r), segment.low(r));
      if (id >= 0 && places[id] == UNKNOWN) {
        if (!intact) {
          if (!segment.intact()) {
            return false;
          }
          intact = true;
          segments.add(segment);
        }
        places[id] = place(segments.size() - 1, r);
      }
    }
    return true;
  }

  boolean knows(int id) {
    return places[id] != UNKNOWN;
  }

  /** Ids of rows that are not known. */
  BitSet unknown() {
    BitSet unknown = new BitSet(places.length);
    for (int id = 0; id < places.length; id++) {
      unknown.set(id, !knows(id));
    }
    return unknown;
  }

  int rowBytes() {
    return width * precision.bytes() + SegmentHeader.KEY_BYTES;
  }

  /** Adds a row, unless it is known. */
  void append(int id, FloatBuffer values, int index) throws IOException {
    if (knows(id)) {
      return;
    }
    if (writer == null) {
      writer = new SegmentWriter(group.directory(), width, precision);
    }
    writer.append(id, values, index * width);
    places[id] = PENDING;
  }

  /** Bytes added since the last commit. */
  long pendingBytes() {
    return writer == null ? 0 : writer.bytes();
  }

  /**
   * Makes what was added last, and visible to others.
   *
   * @return the segment; null where nothing was added
   */
  @Nullable Path commit() throws IOException {
    if (writer == null) {
      return null;
    }
    Path file = writer.commit(keys);
    int[] ids = writer.ids();
    discard();
    seen.add(file);
    Segment segment = open(file);
    if (segment == null) {
      throw new IOException("a segment of soft targets was damaged as it was written");
    }
    segments.add(segment);
    for (int r = 0; r < ids.length; r++) {
      places[ids[r]] = place(segments.size() - 1, r);
    }
    listener.written(Files.size(file));
    return file;
  }

  /** Gives up what was not committed. */
  void discard() throws IOException {
    SegmentWriter unfinished = writer;
    writer = null;
    if (unfinished != null) {
      unfinished.close();
    }
  }

  /**
   * Once all rows are known.
   *
   * @param ids of a part's rows by position
   */
  StoredTargets targets(int[] ids) {
    long[] byPosition = new long[ids.length];
    Arrays.setAll(byPosition, i -> places[ids[i]]);
    return new StoredTargets(width, byPosition, segments.toArray(Segment[]::new));
  }

  /** Largest absolute difference between a value as computed and as stored. */
  float rounding() {
    return (float) segments.stream().mapToDouble(Segment::rounding).max().orElse(0);
  }
}
