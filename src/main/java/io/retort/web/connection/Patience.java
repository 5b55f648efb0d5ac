package io.retort.web.connection;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * What one of Tomcat's threads puts up with while it serves one client. It waits as long as the
 * client keeps up with a rate, and while no more than so many threads wait; beyond those it waits
 * only for clients that are hardly slow. A channel that could move nothing asks here before its
 * thread waits.
 */
final class Patience implements AutoCloseable {

  /** One more try to read or write, without waiting. */
  interface Attempt {
    int run() throws IOException;
  }

  /** What the thread is at; only it knows whether it would wait where a channel moves nothing. */
  interface Work {
    boolean waits(boolean writing);

    /** The request was answered, and what is left of its body is read for nobody. */
    boolean drains();
  }

  /** Whoever is that fast is waited for by every thread. */
  private static final long HARDLY_SLOW = 1 << 20;

  /** Unless patience ends before. */
  private static final long BRIEFLY = TimeUnit.SECONDS.toNanos(1);

  private static final int LONGEST_NAP_MILLIS = 16;

  private static final ThreadLocal<@Nullable Patience> OF_THREAD = new ThreadLocal<>();

  private final ClientSettings settings;
  private final Semaphore places;
  private final Work work;
  private final Arrears[] strict = new Arrears[2];
  private final Arrears[] mild = new Arrears[2];
  private boolean placeHeld;
  private long waitsSince;
  private long drainsSince;

  private Patience(ClientSettings settings, Semaphore places, Work work) {
    this.settings = settings;
    this.places = places;
    this.work = work;
    long patience = settings.patience().toNanos();
    for (int direction = 0; direction < 2; direction++) {
      mild[direction] = new Arrears(Math.min(BRIEFLY, patience), HARDLY_SLOW);
      strict[direction] = new Arrears(patience, Math.max(1, settings.minRate().toBytes()));
    }
  }

  /**
   * This thread's, until it is closed.
   *
   * @param places for threads that wait
   */
  static Patience begin(ClientSettings settings, Semaphore places, Work work) {
    Patience patience = new Patience(settings, places, work);
    OF_THREAD.set(patience);
    return patience;
  }

  /**
   * What a channel has moved; where that is nothing and the thread would now wait, whether it may.
   *
   * @param moved bytes; below 0 at the end of a stream
   * @return what was moved in the end; 0 where the thread may wait
   * @throws SlowClientException where it may not
   */
  static int moved(boolean writing, int moved, Attempt again) throws IOException {
    Patience patience = OF_THREAD.get();
    return patience == null ? moved : patience.look(writing, moved, again);
  }

  private int look(boolean writing, int moved, Attempt again) throws IOException {
    int direction = writing ? 1 : 0;
    if (waitsSince != 0) {
      strict[direction].add(System.nanoTime() - waitsSince, Math.max(0, moved));
      leavePlace();
    }
    if (!work.waits(writing)) {
      drainsSince = 0;
      return moved;
    }
    checkDrain();
    if (strict[direction].tooMuch()) {
      throw SlowClientException.tooSlow(settings.minRate().toBytes());
    }
    return moved != 0 || takePlace() ? moved : waitBriefly(direction, again);
  }

  private void checkDrain() throws SlowClientException {
    if (!work.drains()) {
      drainsSince = 0;
    } else if (drainsSince == 0) {
      drainsSince = System.nanoTime();
    } else if (System.nanoTime() - drainsSince > settings.drain().toNanos()) {
      throw SlowClientException.notDrained();
    }
  }

  private boolean takePlace() {
    placeHeld = placeHeld || places.tryAcquire();
    waitsSince = placeHeld ? System.nanoTime() : 0;
    return placeHeld;
  }

  private void leavePlace() {
    waitsSince = 0;
    if (placeHeld) {
      placeHeld = false;
      places.release();
    }
  }

  /** All places are taken: looks again and again for a moment. */
  private int waitBriefly(int direction, Attempt again) throws IOException {
    for (int nap = 1; true; nap = Math.min(2 * nap, LONGEST_NAP_MILLIS)) {
      long begin = System.nanoTime();
      sleep(nap);
      int moved = again.run();
      long waited = System.nanoTime() - begin;
      mild[direction].add(waited, Math.max(0, moved));
      strict[direction].add(waited, Math.max(0, moved));
      if (moved != 0 || takePlace()) {
        return moved;
      }
      if (mild[direction].tooMuch()) {
        throw SlowClientException.tooMany();
      }
    }
  }

  private static void sleep(int millis) throws InterruptedIOException {
    try {
      Thread.sleep(millis);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new InterruptedIOException();
    }
  }

  @Override
  public void close() {
    leavePlace();
    OF_THREAD.remove();
  }
}
