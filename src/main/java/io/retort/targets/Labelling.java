package io.retort.targets;

import io.retort.dataset.Split;
import io.retort.spec.Cancellation;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.function.DoubleConsumer;
import org.jspecify.annotations.Nullable;

/**
 * One pass over a job's rows that lets the teacher compute those that nobody knows. Jobs and
 * processes with the same teacher take turns: whoever has the turn first looks at what the others
 * have written, so no row is computed twice. A turn ends with each commit.
 */
final class Labelling {

  private static final long COMMIT_BYTES = 64L << 20;

  /** Commits become rarer, so that slow teachers leave tens of segments rather than thousands. */
  private static final int SHARE_AT_RISK = 10;

  private final List<Split> parts;
  private final RowKeys keys;
  private final List<Output> outputs;
  private final TeacherBatch batch;
  private final Path turnFile;
  private final long commitNanos;
  private final StoreListener listener;
  private final Cancellation cancellation;
  private final long begun = System.nanoTime();

  private long committed = begun;
  private long computed;
  private @Nullable FileMutex turn;

  /**
   * @param outputs logits, then the teacher's taps
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
      Cancellation cancellation) {
    this.parts = parts;
    this.keys = keys;
    this.outputs = outputs;
    this.batch = batch;
    this.turnFile = turnFile;
    this.commitNanos = commitEvery.toNanos();
    this.listener = listener;
    this.cancellation = cancellation;
  }

  /**
   * Computes what is missing; afterwards all outputs know all rows. What was done is kept when this
   * ends early.
   *
   * @param progress told the share of rows that is done, 0..1
   * @return rows that the teacher computed
   */
  long run(DoubleConsumer progress) throws IOException {
    takeTurn();
    try {
      int next = 0;
      long done = 0;
      long all = parts.stream().mapToLong(Split::size).sum();
      for (int p = 0; p < parts.size(); p++) {
        int[] ids = keys.ids(p);
        for (int i = 0; i < ids.length; i++) {
          boolean firstOfItsKind = ids[i] == next;
          if (firstOfItsKind) {
            next++;
            if (isWanted(ids[i])) {
              batch.add(i, ids[i]);
            }
          }
          if (batch.full()) {
            compute(parts.get(p));
            progress.accept((double) (done + i) / all);
          }
        }
        compute(parts.get(p));
        done += ids.length;
        progress.accept((double) done / all);
      }
      commit();
      return computed;
    } catch (RuntimeException e) {
      keep(e);
      throw e;
    } finally {
      for (Output output : outputs) {
        output.discard();
      }
      endTurn();
    }
  }

  private boolean isWanted(int id) {
    for (Output output : outputs) {
      if (!output.knows(id)) {
        return true;
      }
    }
    return false;
  }

  private void compute(Split part) throws IOException {
    cancellation.check();
    if (batch.size() == 0) {
      return;
    }
    int rows = batch.size();
    batch.compute(part, outputs);
    computed += rows;
    listener.computed(rows);
    if (isDue()) {
      commit();
      endTurn();
      letOthersIn();
      takeTurn();
    }
  }

  private boolean isDue() {
    long now = System.nanoTime();
    return now - committed > Math.max(commitNanos, (now - begun) / SHARE_AT_RISK)
        || outputs.stream().anyMatch(output -> output.pendingBytes() > COMMIT_BYTES);
  }

  private void commit() throws IOException {
    for (Output output : outputs) {
      output.commit();
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

  private void takeTurn() throws IOException {
    turn = FileMutex.of(turnFile, cancellation);
    for (Output output : outputs) {
      output.group().removeUnfinished();
      output.scan();
    }
  }

  private void endTurn() throws IOException {
    FileMutex taken = turn;
    turn = null;
    if (taken != null) {
      taken.close();
    }
  }

  /** Those who wait look every so often; somebody who came back at once would starve them. */
  private void letOthersIn() {
    try {
      Thread.sleep(2 * FileMutex.POLL_MILLIS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new Cancellation.CancelledException();
    }
  }
}
