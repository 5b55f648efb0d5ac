package io.retort.spec;

import com.fasterxml.jackson.annotation.JsonProperty;

/** What a job makes. */
public enum JobType {
  /** A student from a teacher, measured against a twin. */
  @JsonProperty("distill")
  DISTILL,
  /** A teacher, kept as a model of the registry. */
  @JsonProperty("train")
  TRAIN
}
