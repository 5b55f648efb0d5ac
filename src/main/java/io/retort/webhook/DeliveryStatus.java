package io.retort.webhook;

import com.fasterxml.jackson.annotation.JsonProperty;

/** How a delivery stands. */
enum DeliveryStatus {
  /** It is attempted, or will be again. */
  @JsonProperty("pending")
  PENDING,
  /** The receiver answered with a status from 200 to 299. */
  @JsonProperty("delivered")
  DELIVERED,
  /** It was given up. */
  @JsonProperty("failed")
  FAILED
}
