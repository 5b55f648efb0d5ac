package io.retort.registry;

import io.retort.model.ModelFormat;
import io.retort.model.OutputInfo;
import io.retort.model.TensorInfo;
import io.retort.spec.Architecture;
import io.swagger.v3.oas.annotations.media.Schema;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** A model of the registry. */
@Schema(
    name = "Model",
    description = "A model; jobs use it as `\"teacher\": {\"model\": \"<id>\"}`.")
public record ModelView(
    UUID id,
    @Schema(example = "mnist1d: cnn") String name,
    @Schema(description = "`teacher`, `student`, `twin` or `uploaded`", example = "teacher")
        String role,
    @Schema(example = "retort-samediff") ModelFormat format,
    @Schema(description = "Of a model that a job made; null for other frameworks' models")
        @Nullable Architecture architecture,
    @Schema(
            description =
                "Shape of one row, channels first; null with several inputs or an open one",
            example = "[40]")
        @Nullable List<Integer> inputShape,
    List<TensorInfo> inputs,
    List<OutputInfo> outputs,
    @Schema(
            description =
                "Tensors in between that can be read, with their shapes; null in the list of models")
        @Nullable List<TensorInfo> taps,
    @Schema(description = "Class names in the order of the logits; empty where it names none")
        List<String> classes,
    @Schema(description = "Trainable parameters", example = "15210") long parameters,
    @Schema(description = "What else the file says of itself", example = "{\"opset\": \"17\"}")
        Map<String, String> facts,
    long bytes,
    String sha256,
    @Schema(description = "The job that made it; null if uploaded, or if the job was deleted")
        @Nullable UUID jobId,
    Instant createdAt) {

  ModelView withoutTaps() {
    return new ModelView(
        id,
        name,
        role,
        format,
        architecture,
        inputShape,
        inputs,
        outputs,
        null,
        classes,
        parameters,
        facts,
        bytes,
        sha256,
        jobId,
        createdAt);
  }
}
