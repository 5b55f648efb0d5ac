package io.retort.targets;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Lets other machines have what a labelling writes: one thing after the other on a thread of its
 * own, each tried until it is there. The thread outlives the labelling while the place is away.
 */
final class Departures implements AutoCloseable {

  private static final long RETRY_MILLIS = 2_000;

  /** What is not there by then is brought by the next labelling with this teacher. */
  private static final long GIVE_UP_NANOS = TimeUnit.HOURS.toNanos(1);

  private static final long CLOSE_WITHIN_SECONDS = 10;

  /** Younger segments are brought by whoever wrote them. */
  private static final Duration GRACE = Duration.ofMinutes(1);

  private final SharedTargets shared;
  private final SharedKeys names;
  private final List<Output> outputs;
  private final Availability place;
  private final @Nullable ExecutorService thread;

  Departures(SharedTargets shared, SharedKeys names, List<Output> outputs, Availability place) {
    this.shared = shared;
    this.names = names;
    this.outputs = outputs;
    this.place = place;
    this.thread =
        shared.apart()
            ? Executors.newSingleThreadExecutor(work -> daemon(work, "soft-target-departures"))
            : null;
  }

  static Thread daemon(Runnable work, String name) {
    Thread thread = new Thread(work, name);
    thread.setDaemon(true);
    return thread;
  }

  private interface Task {
    void run() throws IOException;
  }

  private void submit(Task task) {
    if (thread != null) {
      thread.execute(() -> persist(task));
    }
  }

  private void persist(Task task) {
    long begun = System.nanoTime();
    while (System.nanoTime() - begun < GIVE_UP_NANOS) {
      try {
        task.run();
        place.answered();
        return;
      } catch (IOException | RuntimeException e) {
        place.failed(e);
      }
      try {
        Thread.sleep(RETRY_MILLIS);
      } catch (InterruptedException e) {
        return;
      }
    }
  }

  /** The groups are in use. */
  void begin() {
    for (Output output : outputs) {
      submit(() -> shared.put(names.used(output), new byte[1]));
    }
  }

  void bring(Output output, Path segment) {
    submit(() -> put(output, segment));
  }

  /** Whatever happened to it on the disk since it was written stays here. */
  private void put(Output output, Path file) throws IOException {
    try {
      Segment segment = output.open(file);
      if (segment != null && segment.intact()) {
        shared.put(names.group(output) + file.getFileName(), file);
      }
    } catch (NoSuchFileException e) {
      // removed as damaged, or to make room
    }
  }

  void remove(String key) {
    submit(() -> shared.delete(key));
  }

  /** What this machine has of these groups and others lack, as after the place was away. */
  private void bringLeftBehind(Output output) throws IOException {
    List<Path> here;
    try {
      here = output.group().segments();
    } catch (NoSuchFileException e) {
      return;
    }
    Set<String> there =
        shared.list(names.group(output)).stream()
            .map(SharedTargets.Entry::name)
            .collect(Collectors.toSet());
    Instant old = Instant.now().minus(GRACE);
    for (Path file : here) {
      if (!there.contains(file.getFileName().toString())
          && Files.exists(file)
          && Files.getLastModifiedTime(file).toInstant().isBefore(old)) {
        put(output, file);
      }
    }
  }

  /** Waits for what was written here while the place answers, and then no longer. */
  @Override
  public void close() {
    if (thread == null) {
      return;
    }
    CountDownLatch brought = new CountDownLatch(1);
    thread.execute(brought::countDown);
    for (Output output : outputs) {
      submit(() -> bringLeftBehind(output));
    }
    thread.shutdown();
    try {
      long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(CLOSE_WITHIN_SECONDS);
      while (!brought.await(20, TimeUnit.MILLISECONDS)
          && !place.isAway()
          && System.nanoTime() < end) {
        // a thing is on its way
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
