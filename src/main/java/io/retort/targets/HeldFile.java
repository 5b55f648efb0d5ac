package io.retort.targets;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;

/**
 * A file that says something for as long as its process lives: it is kept locked, and when the
 * process dies, the operating system frees the lock and the file says nothing any more. Made and
 * looked for under a mutex.
 */
final class HeldFile implements AutoCloseable {

  /** Of whoever reads a group. */
  static final String LEASE = ".lease";

  /** Of whoever computes some rows. */
  static final String CLAIM = ".claim";

  /** Behind any content, because some systems let nobody read what is locked. */
  private static final long LOCKED_BYTE = Long.MAX_VALUE - 1;

  /** Of this process: opening and closing a file here would free the lock that another job has. */
  private static final Set<Path> OWN = ConcurrentHashMap.newKeySet();

  private final Path path;
  private final FileChannel channel;

  private HeldFile(Path path, FileChannel channel) {
    this.path = path;
    this.channel = channel;
  }

  static HeldFile create(Path directory, String suffix) throws IOException {
    Path path = directory.resolve(UUID.randomUUID() + suffix).toAbsolutePath().normalize();
    OWN.add(path);
    FileChannel channel =
        FileChannel.open(path, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
    channel.lock(LOCKED_BYTE, 1, false);
    return new HeldFile(path, channel);
  }

  void write(ByteBuffer content) throws IOException {
    while (content.hasRemaining()) {
      channel.write(content);
    }
  }

  /**
   * Writes a byte that is there already, which changes the file's time. Setting the time by the
   * file's path would open and close it, and so free the lock.
   */
  void touch(byte first) throws IOException {
    channel.write(ByteBuffer.wrap(new byte[] {first}), 0);
  }

  Path path() {
    return path;
  }

  /** Those that living processes hold; files of the dead are removed. */
  static List<Path> in(Path directory, String suffix) throws IOException {
    List<Path> files;
    try (Stream<Path> all = Files.list(directory.toAbsolutePath().normalize())) {
      files = all.filter(p -> p.toString().endsWith(suffix)).toList();
    }
    List<Path> held = new ArrayList<>();
    for (Path file : files) {
      if (OWN.contains(file) || lockedElsewhere(file)) {
        held.add(file);
      }
    }
    return held;
  }

  private static boolean lockedElsewhere(Path file) throws IOException {
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
      if (channel.tryLock(LOCKED_BYTE, 1, false) == null) {
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
    Files.deleteIfExists(path);
    OWN.remove(path);
  }
}
