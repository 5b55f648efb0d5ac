package io.retort.serving;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.swagger.v3.oas.annotations.media.Schema;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What may be posted, for the API description; {@link InferRequest} reads it. */
@Schema(name = "InferenceRequest")
@JsonInclude(JsonInclude.Include.NON_NULL)
record InferenceForm(
    @Schema(description = "Answered as it came") @Nullable String id,
    @Schema(description = "One tensor, `features`") List<Input> inputs,
    @Schema(description = "Both when left out") @Nullable List<Output> outputs) {

  @Schema(name = "InferenceInput")
  record Input(
      @Schema(allowableValues = "features") String name,
      @Schema(example = "FP32") String datatype,
      @Schema(description = "Rows first", example = "[1, 40]") List<Long> shape,
      @Schema(description = "Row-major, flat or nested") List<Float> data) {}

  @Schema(name = "InferenceOutput")
  record Output(@Schema(allowableValues = {"logits", "probabilities"}) String name) {}
}
