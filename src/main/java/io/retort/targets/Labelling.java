package io.retort.targets;

import io.retort.dataset.Split;
import io.retort.spec.Cancellation;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.BitSet;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.DoubleConsumer;
import org.jspecify.annotations.Nullable;

/**
 * Lets a teacher compute those of a job's rows that nobody knows. Any number of jobs and processes
 * with the same teacher do so side by side: each claims a piece of the rows that nobody else has
 * claimed, computes and commits it, and claims the next, so that no row is computed twice. Whoever
 * finds no more rows to claim waits for the others, and takes over what the dead had claimed.
 */
final class Labelling {

  private static final long COMMIT_BYTES = 64L << 20;

  /** Pieces grow with time, so that slow teachers leave tens of segments rather than thousands. */
  private static final int SHARE_AT_RISK = 10;

  /** Of the first piece, when nobody knows yet how fast the teacher is. */
  private static final int FIRST_BATCHES = 8;

  private static final long WAIT_MILLIS = 100;

  private final List<Split> parts;
  private final RowKeys keys;
  private final List<Output> outputs;
  private final TeacherBatch batch;
  private final Path turnFile;
  private final long commitNanos;
  private final StoreListener listener;
  private final Cancellation cancellation;
  private final Claims claims;
  private final Exchange exchange;
  private final long begun = System.nanoTime();

  private long committed = begun;
  private long computed;
  private long computingNanos;
  private int cursor;
  private int unknown;
  private int missing = -1;

  /**
   * What there was to do.
   *
   * @param missing rows that nobody knew at first
   * @param computed rows that the teacher computed here; the others have computed the rest
   */
  record Work(long missing, long computed) {
    static final Work NONE = new Work(0, 0);
  }

  /**
   * @param outputs logits, then the teacher's taps
   * @param turnFile locked by whoever looks for rows to claim
   * @param commitEvery at first; later a tenth of the time so far, if that is longer
   */
  Labelling(
      List<Split> parts,
      RowKeys keys,
      List<Output> outputs,
      TeacherBatch batch,
      Path turnFile,
      Duration commitEvery,
      StoreListener listener,
      Exchange exchange,
      Cancellation cancellation) {
    this.parts = parts;
    this.keys = keys;
    this.outputs = outputs;
    this.batch = batch;
    this.turnFile = turnFile;
    this.commitNanos = commitEvery.toNanos();
    this.listener = listener;
    this.cancellation = cancellation;
    this.claims = new Claims(outputs.get(0).group().directory(), keys);
    this.exchange = exchange;
    if (exchange.apart()) {
      // Far from the others, as nobody's claim is seen by all at once.
      cursor = ThreadLocalRandom.current().nextInt(keys.distinct());
    }
  }

  /**
   * Computes what is missing; afterwards all outputs know all rows. What was done is kept when this
   * ends early.
   *
   * @param progress told the share of rows that is done, 0..1
   */
  Work run(DoubleConsumer progress) throws IOException {
    exchange.watch();
    for (Claim next = next(progress); next != null; next = next(progress)) {
      try (Claim claim = next) {
        compute(claim, progress);
      } finally {
        exchange.release(next);
      }
    }
    return new Work(Math.max(missing, computed), computed);
  }

  /** The next piece; null once all rows are known. */
  private @Nullable Claim next(DoubleConsumer progress) throws IOException {
    while (true) {
      Claim claim = claim();
      progress.accept(share(0));
      if (unknown == 0 || (claim != null && isOurs(claim))) {
        return claim;
      }
      cancellation.check();
      waitForOthers();
    }
  }

  /**
   * Leaves to other machines what they turn out to have claimed or computed in the meantime. Two
   * that claim the same rows at the same moment both leave them, and try again.
   *
   * @return whether any rows are left; if not, the claim has ended
   */
  private boolean isOurs(Claim claim) throws IOException {
    if (!exchange.apart()) {
      return true;
    }
    try {
      exchange.claim(claim);
      for (Output output : outputs) {
        output.scan();
      }
      claim.keepOnly(id -> isWanted(id) && !exchange.claimed().get(id));
      if (claim.ids().length > 0) {
        return true;
      }
    } catch (IOException | RuntimeException | Error e) {
      end(claim);
      throw e;
    }
    end(claim);
    return false;
  }

  private void end(Claim claim) throws IOException {
    claim.close();
    exchange.release(claim);
  }

  private double share(int more) {
    return (double) (keys.distinct() - unknown + more) / keys.distinct();
  }

  /** Null where all rows are known or claimed. */
  private @Nullable Claim claim() throws IOException {
    try (FileMutex turn = FileMutex.of(turnFile, cancellation)) {
      BitSet taken = new BitSet(keys.distinct());
      int others = claims.look(taken);
      boolean alone = others == 0;
      taken.or(exchange.claimed());
      // After the claims: what has been committed and given up in between is found here.
      for (Output output : outputs) {
        if (alone) {
          output.group().removeUnfinished();
        }
        output.scan();
      }
      int[] ids = choose(taken, others + exchange.holders());
      return ids.length == 0 ? null : Claim.take(outputs.get(0).group().directory(), keys, ids);
    }
  }

  /** From where the last piece ended, and around to where it began. */
  private int[] choose(BitSet taken, int others) {
    int most = Math.min(pieceRows(), share(taken, others));
    BitSet chosen = new BitSet(keys.distinct());
    int count = 0;
    unknown = 0;
    int from = cursor;
    for (int i = 0; i < keys.distinct(); i++) {
      int id = (from + i) % keys.distinct();
      if (isWanted(id)) {
        unknown++;
        if (count < most && !taken.get(id)) {
          chosen.set(id);
          count++;
          cursor = id + 1;
        }
      }
    }
    if (missing < 0) {
      missing = unknown;
    }
    return chosen.stream().toArray();
  }

  /** Towards the end pieces become smaller, so that all who take part end at the same time. */
  private int share(BitSet taken, int others) {
    if (others == 0) {
      return Integer.MAX_VALUE;
    }
    int free = 0;
    for (int id = 0; id < keys.distinct(); id++) {
      if (!taken.get(id) && isWanted(id)) {
        free++;
      }
    }
    return Math.max(batch.capacity(), free / (others + 1));
  }

  private boolean isWanted(int id) {
    for (Output output : outputs) {
      if (!output.knows(id)) {
        return true;
      }
    }
    return false;
  }

  /** What takes a tenth of the time so far, or of that between commits; others may wait for it. */
  private int pieceRows() {
    if (computed == 0) {
      return FIRST_BATCHES * batch.capacity();
    }
    double nanos = (double) Math.max(commitNanos, System.nanoTime() - begun) / SHARE_AT_RISK;
    double rows = nanos * computed / Math.max(1, computingNanos);
    long rowBytes = outputs.stream().mapToLong(Output::rowBytes).sum();
    double fit = Math.min(rows, (double) COMMIT_BYTES / rowBytes);
    return batch.capacity() * (int) Math.max(1, fit / batch.capacity());
  }

  private void compute(Claim claim, DoubleConsumer progress) throws IOException {
    try {
      int part = 0;
      int done = 0;
      for (int id : claim.ids()) {
        if (keys.part(id) != part || batch.full()) {
          done += compute(part, claim);
          progress.accept(share(done));
          part = keys.part(id);
        }
        batch.add(keys.position(id), id);
      }
      done += compute(part, claim);
      commit();
      progress.accept(share(done));
    } catch (RuntimeException e) {
      keep(e);
      throw e;
    } finally {
      for (Output output : outputs) {
        output.discard();
      }
    }
  }

  /** Returns the rows computed. */
  private int compute(int part, Claim claim) throws IOException {
    cancellation.check();
    int rows = batch.size();
    if (rows == 0) {
      return 0;
    }
    long start = System.nanoTime();
    batch.compute(parts.get(part), outputs);
    computingNanos += System.nanoTime() - start;
    computed += rows;
    listener.computed(rows);
    claim.sign();
    if (isDue()) {
      commit();
    }
    return rows;
  }

  private boolean isDue() {
    long now = System.nanoTime();
    return now - committed > Math.max(commitNanos, (now - begun) / SHARE_AT_RISK)
        || outputs.stream().anyMatch(output -> output.pendingBytes() > COMMIT_BYTES);
  }

  private void commit() throws IOException {
    for (Output output : outputs) {
      Path segment = output.commit();
      if (segment != null) {
        exchange.bring(output, segment);
      }
    }
    committed = System.nanoTime();
  }

  private void keep(RuntimeException failure) {
    try {
      commit();
    } catch (IOException e) {
      failure.addSuppressed(e);
    }
  }

  private void waitForOthers() {
    try {
      if (exchange.apart()) {
        // Not for as long as the one who waits for the same.
        Thread.sleep(ThreadLocalRandom.current().nextLong(WAIT_MILLIS, 5 * WAIT_MILLIS));
        boolean unused = exchange.look();
      } else {
        Thread.sleep(WAIT_MILLIS);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new Cancellation.CancelledException();
    }
  }
}
