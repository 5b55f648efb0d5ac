package io.retort.evaluation;

import com.fasterxml.jackson.annotation.JsonProperty;

/** What the numbers say of the student against its twin. */
public enum Verdict {
  @JsonProperty("better")
  BETTER,
  @JsonProperty("worse")
  WORSE,
  @JsonProperty("inconclusive")
  INCONCLUSIVE
}
