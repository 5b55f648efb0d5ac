package io.retort.serving;

import io.swagger.v3.oas.annotations.media.Schema;

/** A refusal in the Open Inference Protocol v2, with this service's code beside it. */
@Schema(name = "InferenceError", description = "Why an inference was refused.")
record ServingError(
    @Schema(example = "There is no model `digits`.") String error,
    @Schema(example = "model_not_found") String code) {}
