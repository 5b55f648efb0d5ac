package io.retort.artifact;

import io.retort.spec.Sha256;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;

/** Writes a stream to a file, hashing on the way. */
final class Staging {

  private static final int BUFFER = 1 << 16;

  private Staging() {}

  static StoredContent write(InputStream in, Path file) throws IOException {
    MessageDigest digest = Sha256.digest();
    long bytes = 0;
    try (FileChannel out = FileChannel.open(file, StandardOpenOption.WRITE)) {
      byte[] buffer = new byte[BUFFER];
      for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
        digest.update(buffer, 0, n);
        for (ByteBuffer rest = ByteBuffer.wrap(buffer, 0, n); rest.hasRemaining(); ) {
          out.write(rest);
        }
        bytes += n;
      }
      out.force(true);
    } catch (IOException e) {
      Files.deleteIfExists(file);
      throw e;
    }
    return new StoredContent(Sha256.hex(digest), bytes, file);
  }
}
