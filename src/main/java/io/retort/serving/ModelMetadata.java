package io.retort.serving;

import io.swagger.v3.oas.annotations.media.Schema;
import java.util.ArrayList;
import java.util.List;

/** A model's metadata in the Open Inference Protocol v2. */
@Schema(name = "ServedModel", description = "A model's metadata (Open Inference Protocol v2).")
record ModelMetadata(
    String name,
    @Schema(description = "SHA-256 of the model's file") List<String> versions,
    @Schema(example = "retort_onnx") String platform,
    List<Tensor> inputs,
    List<Tensor> outputs,
    Parameters parameters) {

  /** An input or output. */
  @Schema(name = "ServedTensor", description = "An input or output; the batch comes first, as -1.")
  record Tensor(String name, String datatype, List<Integer> shape) {}

  /** What the protocol leaves to each server. */
  @Schema(name = "ServedModelParameters", description = "What the protocol leaves to each server.")
  record Parameters(
      @Schema(description = "Class names in the order of the outputs") List<String> classes) {}

  static ModelMetadata of(String name, Servable model) {
    List<Integer> input = new ArrayList<>(List.of(-1));
    input.addAll(model.shape());
    List<Integer> output = List.of(-1, model.classes().size());
    String format = model.model().info().format().name().toLowerCase(java.util.Locale.ROOT);
    return new ModelMetadata(
        name,
        List.of(model.model().sha256()),
        "retort_" + format,
        List.of(new Tensor(Inference.FEATURES, "FP32", List.copyOf(input))),
        List.of(
            new Tensor(Inference.LOGITS, "FP32", output),
            new Tensor(Inference.PROBABILITIES, "FP32", output)),
        new Parameters(model.classes()));
  }
}
