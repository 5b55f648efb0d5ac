package io.retort.spec;

import com.fasterxml.jackson.annotation.JsonProperty;

/** A file format of datasets. */
public enum DataFormat {
  @JsonProperty("auto")
  AUTO,
  @JsonProperty("csv")
  CSV,
  @JsonProperty("parquet")
  PARQUET,
  @JsonProperty("jsonl")
  JSONL,
  @JsonProperty("npy")
  NPY,
  @JsonProperty("npz")
  NPZ,
  @JsonProperty("idx")
  IDX
}
