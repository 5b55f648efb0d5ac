package io.retort.dataset;

import io.retort.spec.Cancellation;
import io.retort.spec.Sha256;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The name of a store: a hash of the bytes that were read and of everything that said how. */
final class StoreKey {

  /** Changed whenever the files of a store change their meaning. */
  private static final String LAYOUT = "2";

  private StoreKey() {}

  static String of(SampleName sample) {
    return Sha256.of(LAYOUT + "\nmnist1d\n" + sample.seed());
  }

  static String of(Source data, @Nullable Source labels, ReadAs how, Cancellation cancellation)
      throws IOException {
    MessageDigest digest = Sha256.digest();
    add(digest, LAYOUT);
    add(digest, how.format().name());
    add(digest, how.label());
    List<String> features = how.features();
    add(digest, features == null ? null : String.valueOf(features.size()));
    if (features != null) {
      features.forEach(f -> add(digest, f));
    }
    add(digest, data.name());
    add(digest, data.sha256(cancellation));
    add(digest, labels == null ? null : labels.sha256(cancellation));
    return Sha256.hex(digest);
  }

  /** With its length, so that no two lists of texts look alike. */
  private static void add(MessageDigest digest, @Nullable String text) {
    byte[] bytes = text == null ? new byte[0] : text.getBytes(StandardCharsets.UTF_8);
    digest.update(
        ByteBuffer.allocate(Integer.BYTES).putInt(text == null ? -1 : bytes.length).flip());
    digest.update(bytes);
  }
}
