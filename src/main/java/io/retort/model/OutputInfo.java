package io.retort.model;

import com.fasterxml.jackson.annotation.JsonProperty;
import io.swagger.v3.oas.annotations.media.Schema;
import java.util.List;

/**
 * An output of a model.
 *
 * @param shape of one row, as {@link TensorInfo#shape}
 * @param kind what its numbers seem to be
 */
@Schema(name = "ModelOutput", description = "An output of a model.")
public record OutputInfo(
    @Schema(example = "logits") String name,
    @Schema(example = "float32") String type,
    @Schema(description = "Shape of one row, without the batch; -1 where it is left open")
        List<Integer> shape,
    @Schema(description = "What its numbers seem to be; `teacher.outputKind` overrides it")
        Kind kind) {

  /** What an output's numbers mean. */
  public enum Kind {
    @JsonProperty("logits")
    LOGITS,
    @JsonProperty("probabilities")
    PROBABILITIES,
    /** The class itself, as scikit-learn's models give it; no teacher. */
    @JsonProperty("label")
    LABEL
  }

  public OutputInfo {
    shape = List.copyOf(shape);
  }
}
