package io.retort.spec;

import com.fasterxml.jackson.annotation.JsonProperty;

/** What a teacher's numbers are. */
public enum OutputKind {
  @JsonProperty("logits")
  LOGITS,
  @JsonProperty("probabilities")
  PROBABILITIES
}
