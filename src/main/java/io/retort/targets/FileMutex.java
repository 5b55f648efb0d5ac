package io.retort.targets;

import io.retort.spec.Cancellation;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;

/**
 * A lock that excludes threads of this process and other processes alike. The operating system
 * frees it when its holder dies. Its file is opened under the lock for threads only: closing any
 * channel of a file would free the process's lock of it.
 */
final class FileMutex implements AutoCloseable {

  /** How often a holder in another process is looked for. */
  static final long POLL_MILLIS = 20;

  private static final ConcurrentMap<Path, ReentrantLock> THREADS = new ConcurrentHashMap<>();

  private final ReentrantLock thread;
  private final FileChannel channel;

  private FileMutex(ReentrantLock thread, FileChannel channel) {
    this.thread = thread;
    this.channel = channel;
  }

  /**
   * Waits for the lock.
   *
   * @param file created where it does not exist; never removed while somebody may want it
   */
  static FileMutex of(Path file, Cancellation cancellation) throws IOException {
    ReentrantLock thread =
        THREADS.computeIfAbsent(file.toAbsolutePath().normalize(), p -> new ReentrantLock(true));
    try {
      while (!thread.tryLock(POLL_MILLIS, TimeUnit.MILLISECONDS)) {
        cancellation.check();
      }
    } catch (InterruptedException e) {
      throw interrupted();
    }
    try {
      return new FileMutex(thread, locked(file, cancellation));
    } catch (IOException | RuntimeException | Error e) {
      thread.unlock();
      throw e;
    }
  }

  private static FileChannel locked(Path file, Cancellation cancellation) throws IOException {
    FileChannel channel =
        FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
    try {
      FileLock lock = channel.tryLock();
      while (lock == null) {
        cancellation.check();
        Thread.sleep(POLL_MILLIS);
        lock = channel.tryLock();
      }
      return channel;
    } catch (InterruptedException e) {
      channel.close();
      throw interrupted();
    } catch (IOException | RuntimeException | Error e) {
      channel.close();
      throw e;
    }
  }

  private static Cancellation.CancelledException interrupted() {
    Thread.currentThread().interrupt();
    return new Cancellation.CancelledException();
  }

  @Override
  public void close() throws IOException {
    try {
      channel.close();
    } finally {
      thread.unlock();
    }
  }
}
