package io.retort.teacher;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;

/** What identifies a teacher's numbers, as text: another fingerprint, another teacher. */
final class Fingerprints {

  private Fingerprints() {}

  /**
   * @param parts hashes, and records whose text tells all their fields
   */
  static String of(Object... parts) {
    try {
      byte[] text = Arrays.toString(parts).getBytes(StandardCharsets.UTF_8);
      return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(text));
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError("every JVM has SHA-256", e);
    }
  }
}
