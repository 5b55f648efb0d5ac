package io.retort.dataset;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.channels.SeekableByteChannel;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * Opens files of which nobody knows whether they are any: opening a named pipe waits until somebody
 * writes to it, and Java can neither open without waiting nor interrupt the wait. So it is done on
 * a thread that nobody depends on, and not on more than a few at once.
 */
final class TimedOpening {

  /** Opens something, or does not return. */
  interface Way {
    SeekableByteChannel open() throws IOException;
  }

  private final Duration longest;
  private final Semaphore places;

  /**
   * @param longest that a file may take to open
   * @param most that may be stuck at once; while they are, nothing is opened
   */
  TimedOpening(Duration longest, int most) {
    this.longest = longest;
    this.places = new Semaphore(most);
  }

  /**
   * @throws IOException also where it takes too long
   */
  SeekableByteChannel open(Way way) throws IOException {
    CompletableFuture<SeekableByteChannel> opened = new CompletableFuture<>();
    try {
      if (!places.tryAcquire(longest.toMillis(), TimeUnit.MILLISECONDS)) {
        throw new IOException("too many files do not open");
      }
      start(way, opened);
      return opened.get(longest.toMillis(), TimeUnit.MILLISECONDS);
    } catch (TimeoutException e) {
      if (opened.completeExceptionally(e)) {
        throw new IOException("does not open", e);
      }
      return opened.join();
    } catch (ExecutionException e) {
      throw new IOException(e.getCause());
    } catch (InterruptedException e) {
      opened.cancel(false);
      Thread.currentThread().interrupt();
      throw new InterruptedIOException();
    }
  }

  private void start(Way way, CompletableFuture<SeekableByteChannel> opened) {
    Thread thread =
        new Thread(
            () -> {
              try {
                SeekableByteChannel channel = way.open();
                if (!opened.complete(channel)) {
                  channel.close(); // nobody waits for it any more
                }
              } catch (IOException | RuntimeException e) {
                opened.completeExceptionally(e);
              } finally {
                places.release();
              }
            },
            "opens-a-file");
    thread.setDaemon(true);
    thread.start();
  }
}
