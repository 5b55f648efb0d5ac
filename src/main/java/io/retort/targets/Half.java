package io.retort.targets;

/** IEEE 754 half precision, which Java 17 does not know: 1 sign, 5 exponent, 10 fraction bits. */
final class Half {

  /** From here on a float rounds to infinity. */
  private static final float OVERFLOW = 65_520f;

  private static final float SMALLEST_NORMAL = 0x1p-14f;
  private static final float SUBNORMAL_STEP = 0x1p-24f;
  private static final int BIAS_DIFFERENCE = 127 - 15;
  private static final int DROPPED_BITS = 23 - 10;

  private Half() {}

  /** Whether a finite float stays finite. */
  static boolean holds(float value) {
    return Math.abs(value) < OVERFLOW;
  }

  /** The nearest half, ties to even. Only for what it {@link #holds}. */
  static short of(float value) {
    int bits = Float.floatToRawIntBits(value);
    int sign = bits >>> 16 & 0x8000;
    int magnitude = bits & Integer.MAX_VALUE;
    if (Math.abs(value) < SMALLEST_NORMAL) {
      return (short) (sign | (int) Math.rint(Math.abs(value) / SUBNORMAL_STEP));
    }
    int justBelowHalf = (1 << (DROPPED_BITS - 1)) - 1;
    int lastKeptBit = (magnitude >>> DROPPED_BITS) & 1;
    int rounded = magnitude + justBelowHalf + lastKeptBit;
    return (short) (sign | (rounded >>> DROPPED_BITS) - (BIAS_DIFFERENCE << 10));
  }

  /** Exact. Only for finite halves. */
  static float value(short half) {
    int exponent = half >>> 10 & 0x1f;
    int fraction = half & 0x3ff;
    float magnitude =
        exponent == 0
            ? fraction * SUBNORMAL_STEP
            : Float.intBitsToFloat((exponent + BIAS_DIFFERENCE) << 23 | fraction << DROPPED_BITS);
    return half < 0 ? -magnitude : magnitude;
  }
}
