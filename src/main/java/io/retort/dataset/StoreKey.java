package io.retort.dataset;

import io.retort.spec.Sha256;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import org.jspecify.annotations.Nullable;

/** The name of a store: a hash of the bytes that were read and of everything that said how. */
final class StoreKey {

  /** Changed whenever the files of a store change their meaning. */
  private static final String LAYOUT = "1";

  private StoreKey() {}

  static String of(SampleName sample) {
    return Sha256.of(LAYOUT + "\nmnist1d\n" + sample.seed());
  }

  static String of(SourceFile data, @Nullable SourceFile labels, ReadAs how) throws IOException {
    MessageDigest digest = Sha256.digest();
    String options =
        String.join(
            "\n",
            LAYOUT,
            how.format().name(),
            how.label() == null ? "\0numbers" : how.label(),
            String.valueOf(how.features()),
            data.name());
    digest.update(options.getBytes(StandardCharsets.UTF_8));
    Sha256.update(digest, data.path());
    if (labels != null) {
      digest.update((byte) 0);
      Sha256.update(digest, labels.path());
    }
    return Sha256.hex(digest);
  }
}
