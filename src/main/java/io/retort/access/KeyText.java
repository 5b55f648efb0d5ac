package io.retort.access;

import io.retort.spec.Sha256;
import java.security.SecureRandom;
import java.util.Base64;

/**
 * What a key looks like: {@code rt_} and 256 random bits. So much chance needs no slow hash: there
 * is nothing to guess.
 */
final class KeyText {

  static final String PREFIX = "rt_";

  private static final int BYTES = 32;
  private static final int HINT = 8;
  private static final SecureRandom RANDOM = new SecureRandom();

  private KeyText() {}

  static String random() {
    byte[] bytes = new byte[BYTES];
    RANDOM.nextBytes(bytes);
    return PREFIX + Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
  }

  /** Hex of the SHA-256. */
  static String hash(String key) {
    return Sha256.of(key);
  }

  /** Enough to tell one's keys apart, too little to use. */
  static String hint(String key) {
    return key.substring(0, HINT);
  }
}
