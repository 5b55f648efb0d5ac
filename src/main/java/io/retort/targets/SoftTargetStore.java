package io.retort.targets;

import io.retort.dataset.Split;
import io.retort.spec.Cancellation;
import io.retort.spec.Precision;
import io.retort.spec.Sha256;
import io.retort.teacher.SoftTargets;
import io.retort.teacher.Tap;
import io.retort.teacher.Teacher;
import io.retort.teacher.TeacherException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.DoubleConsumer;

/**
 * What teachers gave, for all jobs and processes of a data directory: under the teacher's
 * fingerprint, the output's name and the row's content. A row that is known is never computed
 * again, wherever in whatever dataset it stands. See docs/decisions/007.
 */
public final class SoftTargetStore {

  /** Raised when files of an earlier layout can no longer be read. */
  private static final String LAYOUT = "v1";

  private final Groups groups;
  private final long maxBytes;
  private final Duration commitEvery;
  private final Clock clock;
  private final StoreListener listener;
  private final SharedTargets shared;
  private final Duration silence;

  /**
   * @param root a directory of this class's own; any number of processes may share it
   * @param maxBytes of all segments; what running jobs read may exceed it for as long as they do
   * @param commitEvery how much work of a teacher a crash may cost, at most; a tenth of the
   *     labelling where that is more
   */
  public SoftTargetStore(
      Path root, long maxBytes, Duration commitEvery, Clock clock, StoreListener listener) {
    this(root, maxBytes, commitEvery, clock, listener, SharedTargets.none());
  }

  /** Where machines with other directories find what this one has, and it what they have. */
  public SoftTargetStore(
      Path root,
      long maxBytes,
      Duration commitEvery,
      Clock clock,
      StoreListener listener,
      SharedTargets shared) {
    this(root, maxBytes, commitEvery, clock, listener, shared, SharedClaims.SILENCE);
  }

  /** For tests that do not want to wait for a machine that died as long as others do. */
  SoftTargetStore(
      Path root,
      long maxBytes,
      Duration commitEvery,
      Clock clock,
      StoreListener listener,
      SharedTargets shared,
      Duration silence) {
    this.shared = shared;
    this.silence = silence;
    this.groups = new Groups(root.resolve(LAYOUT));
    this.maxBytes = maxBytes;
    this.commitEvery = commitEvery;
    this.clock = clock;
    this.listener = listener;
  }

  /** Bytes that rows take at most, keys included. */
  public static long bytes(long rows, long width, Precision precision) {
    return Math.multiplyExact(
        rows, Math.addExact(Math.multiplyExact(width, precision.bytes()), SegmentHeader.KEY_BYTES));
  }

  /**
   * Refuses what the store could never hold.
   *
   * @throws TeacherException {@code soft_targets_too_large}
   */
  public void checkFits(long bytes) {
    if (bytes > maxBytes) {
      throw TeacherException.tooManyTargets(bytes, maxBytes);
    }
  }

  /**
   * Gives the logits and taps of every row, running the teacher on those that are not known.
   *
   * @param owner whose they are, empty where all are one's; what one has, others do not see
   * @param progress told the share of rows that is done, 0..1
   * @return to be closed when it is no longer read
   * @throws TeacherException where outputs are not finite, do not fit the precision or the store,
   *     or cannot be written
   * @throws Cancellation.CancelledException where that was asked for; what was computed is kept
   */
  public LabelledParts label(
      String owner,
      Teacher teacher,
      List<Split> parts,
      Precision precision,
      Cancellation cancellation,
      DoubleConsumer progress) {
    RowKeys keys = RowKeys.of(parts, cancellation);
    long width = teacher.classes().size() + teacher.taps().stream().mapToLong(Tap::size).sum();
    checkFits(bytes(keys.distinct(), width, precision));
    String name = name(owner, teacher);
    try {
      Hold hold = Hold.of(groups, name, teacher, keys, precision, clock, listener, cancellation);
      try {
        Labelling.Work work =
            complete(teacher, parts, keys, hold, name, precision, cancellation, progress);
        long rows = parts.stream().mapToLong(Split::size).sum();
        listener.known(rows - work.missing());
        return new LabelledParts(
            parts(hold.outputs(), teacher.taps(), keys, parts.size()),
            new LabelledParts.Summary(
                rows,
                rows - work.missing(),
                work.missing(),
                work.missing() - work.computed(),
                hold.rounding()),
            () -> release(hold));
      } catch (IOException | RuntimeException | Error e) {
        hold.close();
        throw e;
      }
    } catch (IOException e) {
      throw TeacherException.notStored(e);
    }
  }

  private static String name(String owner, Teacher teacher) {
    return owner.isEmpty()
        ? teacher.fingerprint()
        : Sha256.of(owner + "\n" + teacher.fingerprint());
  }

  private Labelling.Work complete(
      Teacher teacher,
      List<Split> parts,
      RowKeys keys,
      Hold hold,
      String name,
      Precision precision,
      Cancellation cancellation,
      DoubleConsumer progress)
      throws IOException {
    long missing = scan(hold);
    try (Exchange exchange =
        Exchange.open(shared, silence, name, hold.outputs(), keys, listener, cancellation)) {
      if (missing > 0) {
        makeRoom(missing);
        if (exchange.look()) {
          missing = scan(hold);
        }
      }
      if (missing == 0) {
        progress.accept(1);
        return Labelling.Work.NONE;
      }
      return new Labelling(
              parts,
              keys,
              hold.outputs(),
              new TeacherBatch(teacher, precision),
              groups.turn(name),
              commitEvery,
              listener,
              exchange,
              cancellation)
          .run(progress);
    }
  }

  /** Returns the bytes of rows that are not known. */
  private static long scan(Hold hold) throws IOException {
    long missing = 0;
    for (Output output : hold.outputs()) {
      output.scan();
      missing += (long) output.unknown().cardinality() * output.rowBytes();
    }
    return missing;
  }

  private static List<PartTargets> parts(
      List<Output> outputs, List<Tap> taps, RowKeys keys, int count) {
    List<PartTargets> parts = new ArrayList<>();
    for (int p = 0; p < count; p++) {
      Map<String, SoftTargets> byTap = new HashMap<>();
      for (int t = 0; t < taps.size(); t++) {
        byTap.put(taps.get(t).name(), outputs.get(t + 1).targets(keys.ids(p)));
      }
      parts.add(new PartTargets(outputs.get(0).targets(keys.ids(p)), byTap));
    }
    return parts;
  }

  private void release(Hold hold) {
    try {
      hold.close();
      makeRoom(0);
    } catch (IOException e) {
      throw TeacherException.notStored(e);
    }
  }

  private void makeRoom(long expected) throws IOException {
    try (FileMutex mutex = groups.mutex(Cancellation.NONE)) {
      groups.makeRoom(maxBytes, expected, listener);
    }
  }

  /** Brings the store down to its size, as after the setting was lowered. */
  public void trim() {
    try {
      makeRoom(0);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * Removes groups that nobody reads, or has read since a time; answers how many.
   *
   * @throws UncheckedIOException where a file cannot be removed
   */
  public int removeUnused(Instant since) {
    try (FileMutex mutex = groups.mutex(Cancellation.NONE)) {
      return groups.removeUnused(since);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * Removes groups where machines share them, which nobody has used since a time, and the least
   * recently used while there is too much; answers how many. What a job has copied stays with it.
   *
   * @throws UncheckedIOException where that place is away
   */
  public int removeShared(Instant unusedSince, long maxBytes) {
    try {
      return new SharedRetention(shared, listener).sweep(unusedSince, maxBytes);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Bytes of all segments. */
  public long bytes() {
    try (FileMutex mutex = groups.mutex(Cancellation.NONE)) {
      return groups.bytes();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
