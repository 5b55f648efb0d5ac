package io.retort.targets;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.LongBuffer;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.IntPredicate;

/**
 * Rows that somebody is computing, by content, so that others with the same teacher leave them
 * alone. It ends with its holder's process at the latest. Taken and read under the teacher's turn.
 */
final class Claim implements AutoCloseable {

  private static final long SIGN_NANOS = TimeUnit.SECONDS.toNanos(1);

  /** Of this process, whose files must not be opened. */
  private static final Map<Path, long[]> OWN = new ConcurrentHashMap<>();

  private final HeldFile file;
  private final byte[] content;
  private int[] ids;
  private long signed = System.nanoTime();

  private Claim(HeldFile file, byte[] content, int[] ids) {
    this.file = file;
    this.content = content;
    this.ids = ids;
  }

  /**
   * @param ids ascending, at least one
   */
  static Claim take(Path directory, RowKeys keys, int[] ids) throws IOException {
    long[] pairs = new long[2 * ids.length];
    for (int i = 0; i < ids.length; i++) {
      pairs[2 * i] = keys.high(ids[i]);
      pairs[2 * i + 1] = keys.low(ids[i]);
    }
    ByteBuffer content = ByteBuffer.allocate(pairs.length * Long.BYTES);
    content.asLongBuffer().put(pairs);
    HeldFile file = HeldFile.create(directory, HeldFile.CLAIM);
    OWN.put(file.path(), pairs);
    file.write(content);
    return new Claim(file, content.array(), ids);
  }

  /** The keys of the rows of somebody's claim, high and low in turn; none once it has ended. */
  static LongBuffer read(Path file) throws IOException {
    long[] own = OWN.get(file);
    if (own != null) {
      return LongBuffer.wrap(own);
    }
    try {
      return ByteBuffer.wrap(Files.readAllBytes(file)).asLongBuffer();
    } catch (NoSuchFileException e) {
      return LongBuffer.allocate(0);
    }
  }

  /** Of its file. */
  String name() {
    return file.path().getFileName().toString();
  }

  /** As {@link #read} finds it. */
  byte[] content() {
    return content;
  }

  /** Ascending. */
  int[] ids() {
    return ids;
  }

  /** Leaves those to others that they are computing, or have computed. */
  void keepOnly(IntPredicate ours) {
    ids = Arrays.stream(ids).filter(ours).toArray();
  }

  /** Lets others see that its holder is at work. */
  void sign() throws IOException {
    long now = System.nanoTime();
    if (now - signed > SIGN_NANOS) {
      file.touch(content[0]);
      signed = now;
    }
  }

  @Override
  public void close() throws IOException {
    file.close();
    OWN.remove(file.path());
  }
}
