package io.retort.targets;

import io.retort.spec.Cancellation;
import io.retort.targets.SharedTargets.Entry;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * What one labelling exchanges with machines that have other data directories: it takes over what
 * they have computed, sees what they are computing, and lets them have its own. A thread looks
 * every two seconds, and whenever it is asked; {@link Departures} has another. A place that does
 * not answer delays a labelling once; until it does again, everything goes on as if there were
 * none.
 */
final class Exchange implements AutoCloseable {

  private static final long LOOK_MILLIS = 2_000;
  private static final long POLL_MILLIS = 20;

  /** Without anything having come or gone for so long, the place is taken to be away. */
  private static final long PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(20);

  private final SharedTargets shared;
  private final SharedKeys names;
  private final List<Output> outputs;
  private final Cancellation cancellation;
  private final Availability place;
  private final SharedClaims claims;
  private final List<Arrivals> arrivals = new ArrayList<>();
  private final Departures departures;
  private final @Nullable ScheduledExecutorService looks;

  /** By output; only for the looking thread. */
  private List<BitSet> wanted = List.of();

  private volatile long signed;
  private volatile @Nullable Claim own;
  private BitSet claimed = new BitSet();

  private Exchange(
      SharedTargets shared,
      Duration silence,
      String teacher,
      List<Output> outputs,
      RowKeys keys,
      StoreListener listener,
      Cancellation cancellation) {
    this.shared = shared;
    this.names = new SharedKeys(teacher);
    this.outputs = outputs;
    this.cancellation = cancellation;
    this.place = new Availability(listener);
    this.claims = new SharedClaims(shared, keys, silence);
    for (Output output : outputs) {
      arrivals.add(new Arrivals(shared, output, keys, listener));
    }
    this.departures = new Departures(shared, names, outputs, place);
    this.looks =
        shared.apart()
            ? Executors.newSingleThreadScheduledExecutor(
                work -> Departures.daemon(work, "soft-target-arrivals"))
            : null;
  }

  /**
   * @param silence after which machines that do not sign their claims are passed over
   * @param outputs logits, then the teacher's taps
   */
  static Exchange open(
      SharedTargets shared,
      Duration silence,
      String teacher,
      List<Output> outputs,
      RowKeys keys,
      StoreListener listener,
      Cancellation cancellation) {
    Exchange exchange =
        new Exchange(shared, silence, teacher, outputs, keys, listener, cancellation);
    exchange.departures.begin();
    return exchange;
  }

  /** Whether there are machines with other data directories. */
  boolean apart() {
    return looks != null;
  }

  /**
   * Brings what others have computed into the groups' directories, where the outputs find it.
   *
   * @return whether anything may have changed
   */
  boolean look() {
    if (looks == null || place.isAway()) {
      return false;
    }
    List<BitSet> unknown = outputs.stream().map(Output::unknown).toList();
    return await(
        looks.submit(
            () -> {
              wanted = unknown;
              return lookOnce();
            }));
  }

  /** Ids of rows that others are computing, as of the last look. */
  BitSet claimed() {
    return claimed;
  }

  /** How many others are computing rows, as of the last look. */
  int holders() {
    return claims.holders();
  }

  /** Lets others know, and looks what they have done and claimed in the meantime. */
  void claim(Claim claim) {
    signed = 0;
    own = claim;
    boolean unused = look();
  }

  /** A claim has ended; what was computed under it goes ahead of this. */
  void release(Claim claim) {
    own = null;
    if (looks != null) {
      departures.remove(names.claims(outputs.get(0)) + claim.name());
    }
  }

  /** A segment was written. */
  void bring(Output output, Path segment) {
    departures.bring(output, segment);
  }

  private boolean await(Future<BitSet> look) {
    long begun = System.nanoTime();
    while (true) {
      try {
        claimed = look.get(POLL_MILLIS, TimeUnit.MILLISECONDS);
        return true;
      } catch (TimeoutException e) {
        if (System.nanoTime() - Math.max(begun, place.moved()) > PATIENCE_NANOS) {
          place.failed(new IOException("no answer", e));
        }
        if (cancellation.requested() || place.isAway()) {
          look.cancel(true);
          cancellation.check();
          return gone();
        }
      } catch (ExecutionException e) {
        place.failed(e);
        return gone();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new Cancellation.CancelledException();
      }
    }
  }

  /** Nobody knows what others are doing now. */
  private boolean gone() {
    claimed = new BitSet();
    return false;
  }

  private void lookUnasked() {
    try {
      BitSet unused = lookOnce();
    } catch (IOException | RuntimeException e) {
      place.failed(e);
    }
  }

  private BitSet lookOnce() throws IOException {
    while (true) {
      sign();
      List<Entry> entries = shared.list(names.all());
      place.answered();
      try {
        BitSet taken = claims.look(others(entries));
        for (int o = 0; o < wanted.size(); o++) {
          List<Entry> segments =
              SharedKeys.of(entries, names.group(outputs.get(o)), Segment.SUFFIX);
          arrivals.get(o).take(segments, wanted.get(o), this::between);
        }
        place.answered();
        return taken;
      } catch (SharedClaims.EndedException e) {
        place.answered(); // what it was about is in the next listing
      }
    }
  }

  private List<Entry> others(List<Entry> entries) {
    Claim claim = own;
    return SharedKeys.of(entries, names.claims(outputs.get(0)), HeldFile.CLAIM).stream()
        .filter(e -> claim == null || !e.name().equals(claim.name()))
        .toList();
  }

  /** Much may come at once, and takes its time. */
  private void between() throws IOException {
    place.answered();
    sign();
  }

  private void sign() throws IOException {
    Claim claim = own;
    long now = System.nanoTime();
    if (claim != null && (signed == 0 || now - signed > SharedClaims.SIGN_NANOS)) {
      String key = names.claims(outputs.get(0)) + claim.name();
      shared.put(key, claim.content());
      signed = now;
      if (own != claim) {
        shared.delete(key); // released meanwhile
      }
    }
  }

  /** Begins to look unasked, for as long as rows are being computed. */
  void watch() {
    if (looks != null) {
      var unused =
          looks.scheduleWithFixedDelay(
              this::lookUnasked, LOOK_MILLIS, LOOK_MILLIS, TimeUnit.MILLISECONDS);
    }
  }

  /** What was written is there afterwards, or comes there once the place answers again. */
  @Override
  public void close() {
    if (looks != null) {
      looks.shutdownNow();
      try {
        boolean unused = looks.awaitTermination(5, TimeUnit.SECONDS);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }
    departures.close();
  }
}
