package io.retort.model;

import com.fasterxml.jackson.annotation.JsonProperty;

/** What a model file is written in. */
public enum ModelFormat {
  /** Retort's own zip. */
  @JsonProperty("retort-samediff")
  RETORT,
  @JsonProperty("onnx")
  ONNX,
  /** A zip of a MultiLayerNetwork or ComputationGraph. */
  @JsonProperty("dl4j")
  DL4J,
  /** A bare FlatBuffers file of a SameDiff graph. */
  @JsonProperty("samediff")
  SAMEDIFF,
  /** Keras' HDF5 file. */
  @JsonProperty("keras-h5")
  KERAS_H5,
  /** Keras 3's zip. */
  @JsonProperty("keras")
  KERAS
}
