package io.retort.targets;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;

/**
 * A reader's hold on a group: a file that its process keeps locked. When the process dies, the
 * operating system frees the lock, and the file says nothing any more. Taken and looked for under
 * the store's mutex.
 */
final class Lease implements AutoCloseable {

  private static final String SUFFIX = ".lease";

  /** Of this process: opening and closing a file here would free the lock that another job has. */
  private static final Set<Path> HELD = ConcurrentHashMap.newKeySet();

  private final Path file;
  private final FileChannel channel;

  private Lease(Path file, FileChannel channel) {
    this.file = file;
    this.channel = channel;
  }

  static Lease take(Path directory) throws IOException {
    Path file = directory.resolve(UUID.randomUUID() + SUFFIX).toAbsolutePath().normalize();
    HELD.add(file);
    FileChannel channel =
        FileChannel.open(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
    channel.lock();
    return new Lease(file, channel);
  }

  /** Whether anybody reads the group; leases of the dead are removed. */
  static boolean anyIn(Path directory) throws IOException {
    List<Path> files;
    try (Stream<Path> all = Files.list(directory)) {
      files = all.filter(p -> p.toString().endsWith(SUFFIX)).toList();
    }
    boolean any = false;
    for (Path file : files) {
      any |= HELD.contains(file.toAbsolutePath().normalize()) || lockedElsewhere(file);
    }
    return any;
  }

  private static boolean lockedElsewhere(Path file) throws IOException {
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
      if (channel.tryLock() == null) {
        return true;
      }
    } catch (NoSuchFileException e) {
      return false;
    }
    Files.deleteIfExists(file);
    return false;
  }

  @Override
  public void close() throws IOException {
    channel.close();
    Files.deleteIfExists(file);
    HELD.remove(file);
  }
}
