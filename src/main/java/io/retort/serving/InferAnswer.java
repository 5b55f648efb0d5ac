package io.retort.serving;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import io.swagger.v3.oas.annotations.media.Schema;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** An answer of the Open Inference Protocol v2. */
@Schema(name = "InferenceAnswer", description = "What a model gave for some rows.")
record InferAnswer(
    @JsonProperty("model_name") String modelName,
    @Schema(description = "SHA-256 of the model's file") @JsonProperty("model_version")
        String modelVersion,
    @Schema(description = "The request's") @JsonInclude(JsonInclude.Include.NON_NULL)
        @Nullable String id,
    List<Output> outputs) {

  /** A tensor, row-major and flat. */
  @Schema(name = "InferenceOutput", description = "A tensor, row by row and flat.")
  record Output(
      @Schema(example = "logits") String name,
      @Schema(example = "FP32") String datatype,
      @Schema(example = "[1, 10]") List<Integer> shape,
      float[] data) {}

  static InferAnswer of(String name, Servable model, Inference asked, float[] logits) {
    List<Integer> shape = List.of(asked.rows(), model.classes().size());
    List<Output> outputs =
        asked.outputs().stream()
            .map(
                output ->
                    new Output(
                        output,
                        "FP32",
                        shape,
                        output.equals(Inference.LOGITS)
                            ? logits
                            : probabilities(logits, model.classes().size())))
            .toList();
    return new InferAnswer(name, model.model().sha256(), asked.id(), outputs);
  }

  /** Softmax of each row, shifted by its largest logit so that nothing overflows. */
  private static float[] probabilities(float[] logits, int width) {
    float[] result = new float[logits.length];
    for (int row = 0; row < logits.length; row += width) {
      float max = Float.NEGATIVE_INFINITY;
      for (int c = row; c < row + width; c++) {
        max = Math.max(max, logits[c]);
      }
      double sum = 0;
      for (int c = row; c < row + width; c++) {
        sum += Math.exp(logits[c] - max);
      }
      for (int c = row; c < row + width; c++) {
        result[c] = (float) (Math.exp(logits[c] - max) / sum);
      }
    }
    return result;
  }
}
