package io.retort.model.foreign;

import io.retort.spec.SpecReader;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.nio.channels.SocketChannel;

/**
 * What the service and the process of models say to each other: JSON with its length before it, and
 * plain little-endian floats whose number both sides know.
 */
final class Wire implements AutoCloseable {

  private static final int MAX_MESSAGE = 256 << 20;
  private static final int CHUNK = 1 << 18;

  private final SocketChannel channel;
  private final ByteBuffer word = ByteBuffer.allocate(Integer.BYTES);
  private final ByteBuffer chunk = ByteBuffer.allocateDirect(CHUNK).order(ByteOrder.LITTLE_ENDIAN);

  Wire(SocketChannel channel) {
    this.channel = channel;
  }

  void send(Object message) throws IOException {
    byte[] json = SpecReader.mapper().writeValueAsBytes(message);
    number(json.length);
    write(ByteBuffer.wrap(json));
  }

  <T> T receive(Class<T> type) throws IOException {
    int length = number();
    if (length < 0 || length > MAX_MESSAGE) {
      throw new IOException("a message of " + length + " bytes");
    }
    ByteBuffer json = ByteBuffer.allocate(length);
    read(json);
    return SpecReader.mapper().readValue(json.array(), type);
  }

  void number(int value) throws IOException {
    word.clear().putInt(value).flip();
    write(word);
  }

  int number() throws IOException {
    read(word.clear());
    return word.flip().getInt();
  }

  /** Sends floats from absolute index 0. */
  void floats(FloatBuffer from, int count) throws IOException {
    for (int at = 0; at < count; ) {
      int n = Math.min(CHUNK / Float.BYTES, count - at);
      chunk.clear();
      chunk.asFloatBuffer().put(0, from, at, n);
      write(chunk.limit(n * Float.BYTES));
      at += n;
    }
  }

  /** Receives floats to absolute index 0. */
  void receive(FloatBuffer into, int count) throws IOException {
    for (int at = 0; at < count; ) {
      int n = Math.min(CHUNK / Float.BYTES, count - at);
      read(chunk.clear().limit(n * Float.BYTES));
      into.put(at, chunk.flip().asFloatBuffer(), 0, n);
      at += n;
    }
  }

  private void write(ByteBuffer bytes) throws IOException {
    while (bytes.hasRemaining()) {
      channel.write(bytes);
    }
  }

  private void read(ByteBuffer into) throws IOException {
    while (into.hasRemaining()) {
      if (channel.read(into) < 0) {
        throw new EOFException("the other side is gone");
      }
    }
  }

  @Override
  public void close() throws IOException {
    channel.close();
  }
}
