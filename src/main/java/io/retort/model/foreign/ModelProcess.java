package io.retort.model.foreign;

import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.ServerSocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/** One process of models, with bounds on its memory and on the time of every call. */
final class ModelProcess implements AutoCloseable {

  private static final int SHOWN = 4_000;

  private static final ScheduledExecutorService DEADLINES =
      Executors.newSingleThreadScheduledExecutor(
          task -> {
            Thread thread = new Thread(task, "model-deadlines");
            thread.setDaemon(true);
            return thread;
          });

  private final Path directory;
  private final Process process;
  private final Wire wire;
  private final ModelLimits limits;
  private final AtomicBoolean late = new AtomicBoolean();

  private ModelProcess(Path directory, Process process, Wire wire, ModelLimits limits) {
    this.directory = directory;
    this.process = process;
    this.wire = wire;
    this.limits = limits;
  }

  static ModelProcess start(ModelLimits limits) {
    try {
      Path directory = Files.createTempDirectory("retort-model");
      Path socket = directory.resolve("s");
      try (ServerSocketChannel server = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
        server.bind(UnixDomainSocketAddress.of(socket));
        Process process = ModelCommand.of(limits, socket, directory).start();
        // accept() would wait for ever for a process that died on its way
        var unused = process.onExit().thenRun(() -> close(server));
        ScheduledFuture<?> deadline =
            DEADLINES.schedule(
                process::destroyForcibly, limits.inspection().toMillis(), TimeUnit.MILLISECONDS);
        try {
          return new ModelProcess(directory, process, new Wire(server.accept()), limits);
        } catch (ClosedChannelException e) {
          throw ForeignModelException.notStarted(new IOException(output(directory), e));
        } finally {
          deadline.cancel(false);
        }
      }
    } catch (IOException e) {
      throw ForeignModelException.notStarted(e);
    }
  }

  private static void close(ServerSocketChannel server) {
    try {
      server.close();
    } catch (IOException e) {
      // closed already
    }
  }

  /** Talks with the process; past the limit it is killed, and the talk fails. */
  <T> T talk(Duration limit, Talk<T> talk) {
    ScheduledFuture<?> deadline =
        DEADLINES.schedule(this::giveUp, limit.toMillis(), TimeUnit.MILLISECONDS);
    try {
      return talk.with(wire);
    } catch (IOException e) {
      if (late.get()) {
        throw ForeignModelException.slow(limit.toSeconds());
      }
      throw ForeignModelException.died(status(), limits.memoryBytes(), output(directory));
    } finally {
      deadline.cancel(false);
    }
  }

  /** What is said to the process, and what it answers. */
  @FunctionalInterface
  interface Talk<T> {
    T with(Wire wire) throws IOException;
  }

  private void giveUp() {
    late.set(true);
    process.destroyForcibly();
  }

  private @Nullable Integer status() {
    try {
      return process.waitFor(1, TimeUnit.SECONDS) ? process.exitValue() : null;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return null;
    }
  }

  private static String output(Path directory) {
    try {
      String all =
          Files.readString(directory.resolve(ModelCommand.OUTPUT), StandardCharsets.ISO_8859_1);
      return all.substring(Math.max(0, all.length() - SHOWN));
    } catch (IOException e) {
      return "";
    }
  }

  @Override
  public void close() {
    process.destroyForcibly();
    try {
      wire.close();
      try (var files = Files.list(directory)) {
        for (Path file : files.toList()) {
          Files.deleteIfExists(file);
        }
      }
      Files.deleteIfExists(directory);
    } catch (IOException e) {
      // the system empties its temporary directory itself
    }
  }
}
