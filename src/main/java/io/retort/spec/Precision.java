package io.retort.spec;

import com.fasterxml.jackson.annotation.JsonProperty;

/** How a number is stored. */
public enum Precision {
  @JsonProperty("float32")
  FLOAT32(Float.BYTES),
  /** IEEE 754 half precision: half the space, three significant digits. */
  @JsonProperty("float16")
  FLOAT16(Short.BYTES);

  private final int bytes;

  Precision(int bytes) {
    this.bytes = bytes;
  }

  /** Bytes a number. */
  public int bytes() {
    return bytes;
  }
}
