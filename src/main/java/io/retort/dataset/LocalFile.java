package io.retort.dataset;

import io.retort.spec.Cancellation;
import io.retort.spec.Sha256;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;

/**
 * An open file under a root. Its path may lead elsewhere by now, and somebody may be writing to it,
 * so readers get a copy.
 */
final class LocalFile implements Source {

  private static final int CHUNK = 1 << 18;

  private final SeekableByteChannel channel;
  private final String name;
  private final Location location;
  private final long maxBytes;
  private String hashed = "";

  LocalFile(SeekableByteChannel channel, String name, Location location, long maxBytes) {
    this.channel = channel;
    this.name = name;
    this.location = location;
    this.maxBytes = maxBytes;
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public Location location() {
    return location;
  }

  @Override
  public String sha256(Cancellation cancellation) throws IOException {
    hashed = readTo(OutputStream.nullOutputStream(), cancellation);
    return hashed;
  }

  @Override
  public SourceFile file(Path temporary, Cancellation cancellation) throws IOException {
    Path copy = Files.createTempFile(temporary, "copy", ".tmp");
    try (OutputStream out = Files.newOutputStream(copy)) {
      if (!readTo(out, cancellation).equals(hashed)) {
        throw location.problem("file_changed", "The file changed while it was read; try again.");
      }
    }
    return new SourceFile(copy, name, location);
  }

  private String readTo(OutputStream out, Cancellation cancellation) throws IOException {
    MessageDigest digest = Sha256.digest();
    byte[] chunk = new byte[CHUNK];
    ByteBuffer buffer = ByteBuffer.wrap(chunk);
    long total = 0;
    channel.position(0);
    for (int n = channel.read(buffer); n >= 0; n = channel.read(buffer.clear())) {
      cancellation.check();
      total += n;
      if (total > maxBytes) {
        throw Download.tooLarge(location, maxBytes);
      }
      digest.update(chunk, 0, n);
      out.write(chunk, 0, n);
    }
    return Sha256.hex(digest);
  }

  @Override
  public void close() throws IOException {
    channel.close();
  }
}
