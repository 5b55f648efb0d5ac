package io.retort.serving;

import com.fasterxml.jackson.annotation.JsonProperty;
import io.swagger.v3.oas.annotations.media.Schema;
import java.util.List;

/** What the protocol answers with, under the protocol's own names. */
final class Answers {

  private Answers() {}

  @Schema(name = "InferenceServer")
  record Server(String name, String version, List<String> extensions) {}

  @Schema(name = "InferenceServerLive")
  record Live(boolean live) {}

  @Schema(name = "InferenceServerReady")
  record Ready(boolean ready) {}

  @Schema(name = "InferenceModelReady")
  record ModelReady(String name, boolean ready) {}

  /** A tensor's name, type and shape; -1 for the rows. */
  @Schema(name = "InferenceTensorMetadata")
  record TensorMetadata(String name, String datatype, List<Long> shape) {}

  /**
   * What the protocol leaves to servers.
   *
   * @param classes names in the order of the outputs
   */
  @Schema(name = "InferenceModelParameters")
  record ModelParameters(List<String> classes) {}

  /**
   * @param versions one: the SHA-256 of the model's file, so that who keeps answers knows when they
   *     are old
   */
  @Schema(name = "InferenceModelMetadata")
  record ModelMetadata(
      String name,
      List<String> versions,
      String platform,
      List<TensorMetadata> inputs,
      List<TensorMetadata> outputs,
      ModelParameters parameters) {}

  /** Numbers in row-major order. */
  @Schema(name = "InferenceTensor")
  record Tensor(String name, String datatype, List<Long> shape, float[] data) {}

  /**
   * @param id of the request; one of ours where it had none
   */
  @Schema(name = "InferenceAnswer")
  record Inference(
      @JsonProperty("model_name") String modelName,
      @JsonProperty("model_version") String modelVersion,
      String id,
      List<Tensor> outputs) {}

  /**
   * @param error what the protocol asks for
   * @param code the same stable code that problems of the other endpoints have
   */
  @Schema(name = "InferenceError")
  record Failure(String error, String code) {}
}
