package io.retort.dataset;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.Random;

/** Damages a file as disks, networks and hostile callers do: a little, so that parsers go deep. */
final class Mutation {

  private static final long[] EDGES = {
    0, 1, -1, 127, 128, 255, 256, 32_767, 65_535, Integer.MAX_VALUE, Integer.MIN_VALUE, 1L << 40
  };

  private final Random random;
  private byte[] bytes;

  private Mutation(byte[] bytes, Random random) {
    this.bytes = bytes.clone();
    this.random = random;
  }

  /** The same file for the same state of the generator; one to four changes. */
  static byte[] of(byte[] whole, Random random) {
    Mutation mutation = new Mutation(whole, random);
    for (int n = 1 << random.nextInt(3); n > 0 && mutation.bytes.length > 0; n--) {
      mutation.change();
    }
    return mutation.bytes;
  }

  private void change() {
    int at = place();
    int length = 1 + random.nextInt(Math.min(16, bytes.length - at));
    switch (random.nextInt(9)) {
      case 0, 1, 2 -> bytes[at] ^= (byte) (1 << random.nextInt(8));
      case 3, 4 -> bytes[at] = (byte) random.nextInt();
      case 5 -> edge(at);
      case 6 -> bytes = random.nextInt(4) == 0 ? Arrays.copyOf(bytes, at) : bytes;
      case 7 -> bytes = spliced(at, at + length, new byte[0]);
      default -> bytes = spliced(at, at, Arrays.copyOfRange(bytes, at, at + length));
    }
  }

  /** Headers and footers are where parsers decide. */
  private int place() {
    int near = Math.min(bytes.length, 1 + random.nextInt(256));
    return switch (random.nextInt(3)) {
      case 0 -> random.nextInt(near);
      case 1 -> bytes.length - 1 - random.nextInt(near);
      default -> random.nextInt(bytes.length);
    };
  }

  private void edge(int at) {
    int width = 1 << random.nextInt(4);
    ByteOrder order = random.nextBoolean() ? ByteOrder.LITTLE_ENDIAN : ByteOrder.BIG_ENDIAN;
    byte[] number = ByteBuffer.allocate(8).order(order).putLong(edge()).array();
    int from = order == ByteOrder.BIG_ENDIAN ? 8 - width : 0;
    System.arraycopy(number, from, bytes, at, Math.min(width, bytes.length - at));
  }

  private long edge() {
    return EDGES[random.nextInt(EDGES.length)];
  }

  private byte[] spliced(int from, int to, byte[] between) {
    return ByteBuffer.allocate(from + between.length + bytes.length - to)
        .put(bytes, 0, from)
        .put(between)
        .put(bytes, to, bytes.length - to)
        .array();
  }
}
