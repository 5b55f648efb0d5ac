package io.retort.spec;

import com.fasterxml.jackson.annotation.JsonProperty;

/** What a running job is doing, in the order in which it happens. */
public enum Phase {
  @JsonProperty("preparing")
  PREPARING,
  @JsonProperty("teaching")
  TEACHING,
  @JsonProperty("labelling")
  LABELLING,
  @JsonProperty("neighbours")
  NEIGHBOURS,
  @JsonProperty("twin")
  TWIN,
  @JsonProperty("training")
  TRAINING,
  @JsonProperty("evaluating")
  EVALUATING,
  @JsonProperty("exporting")
  EXPORTING
}
