package io.retort.spec;

import com.fasterxml.jackson.annotation.JsonProperty;

/** The non-linearity between layers. */
public enum Activation {
  @JsonProperty("relu")
  RELU,
  @JsonProperty("tanh")
  TANH,
  @JsonProperty("sigmoid")
  SIGMOID,
  @JsonProperty("gelu")
  GELU
}
