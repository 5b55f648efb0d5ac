package io.retort.teacher;

import io.retort.spec.Sha256;
import java.util.Arrays;

/** What identifies a teacher's numbers, as text: another fingerprint, another teacher. */
final class Fingerprints {

  private Fingerprints() {}

  /**
   * @param parts hashes, and records whose text tells all their fields
   */
  static String of(Object... parts) {
    return Sha256.of(Arrays.toString(parts));
  }
}
