package io.retort.training;

import java.util.SplittableRandom;

/** Independent random streams of one seed, told apart by purpose and count. */
final class Seeds {

  private Seeds() {}

  static SplittableRandom random(long seed, String purpose, long count) {
    long mixed = new SplittableRandom(seed ^ ((long) purpose.hashCode() << 32)).nextLong();
    return new SplittableRandom(mixed + count * 0x9E3779B97F4A7C15L);
  }
}
