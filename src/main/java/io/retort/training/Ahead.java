package io.retort.training;

import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Two of something that are filled in turn on a thread of their own: while the one is read, the
 * other is filled.
 */
final class Ahead<T> implements AutoCloseable {

  private final T first;
  private final T second;
  private final ExecutorService thread;
  private int filled;
  private @Nullable Future<T> pending;

  /**
   * @param name of the thread
   */
  Ahead(String name, T first, T second) {
    this.first = first;
    this.second = second;
    this.thread = Executors.newSingleThreadExecutor(DaemonThreads.named(name));
  }

  /** Has the one that is not read now filled; nothing else may be pending. */
  void fill(Consumer<T> filler) {
    T next = filled++ % 2 == 0 ? first : second;
    pending =
        thread.submit(
            () -> {
              filler.accept(next);
              return next;
            });
  }

  /**
   * Waits for what is being filled.
   *
   * @return null where nothing is
   */
  @Nullable T await() {
    Future<T> next = pending;
    pending = null;
    if (next == null) {
      return null;
    }
    try {
      return next.get();
    } catch (ExecutionException e) {
      if (e.getCause() instanceof RuntimeException failure) {
        throw failure;
      }
      throw new IllegalStateException(e.getCause());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while rows were gathered", e);
    }
  }

  /** Waits for the thread: nobody reads or fills anything after this. */
  @Override
  public void close() {
    thread.shutdown();
    boolean interrupted = false;
    while (!thread.isTerminated()) {
      try {
        thread.awaitTermination(1, TimeUnit.MINUTES);
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
