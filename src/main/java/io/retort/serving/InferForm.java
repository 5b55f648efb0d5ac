package io.retort.serving;

import io.swagger.v3.oas.annotations.media.ArraySchema;
import io.swagger.v3.oas.annotations.media.Schema;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.annotation.JsonDeserialize;

/** A request of the Open Inference Protocol v2; what it has beside this is ignored, as it says. */
@Schema(name = "InferenceRequest", description = "Rows to compute (Open Inference Protocol v2).")
record InferForm(
    @Schema(description = "Comes back with the answer") @Nullable String id,
    @Schema(description = "One tensor, `features`") @Nullable List<@Nullable Tensor> inputs,
    @Schema(description = "`logits`, `probabilities` or both; both when left out")
        @Nullable List<@Nullable Output> outputs) {

  @Schema(name = "InferenceInput", description = "A tensor of numbers.")
  record Tensor(
      @Schema(example = "features") @Nullable String name,
      @Schema(
              description = "Rows, then the shape of one or its number of features",
              example = "[1, 40]")
          @Nullable List<Long> shape,
      @Schema(description = "FP16, FP32, FP64, INT8 to INT64 or UINT8 to UINT64", example = "FP32")
          @Nullable String datatype,
      @ArraySchema(
              arraySchema = @Schema(description = "Row by row, flat or nested"),
              schema = @Schema(type = "number"))
          @JsonDeserialize(using = TensorValues.Reader.class)
          @Nullable TensorValues data) {}

  @Schema(name = "InferenceOutputName", description = "An output that is asked for.")
  record Output(@Schema(example = "logits") @Nullable String name) {}
}
