package io.retort.registry;

import io.retort.spec.Architecture;
import io.swagger.v3.oas.annotations.media.Schema;
import java.time.Instant;
import java.util.List;
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
    @Schema(example = "retort-samediff") String format,
    Architecture architecture,
    @Schema(description = "Shape of one row, channels first", example = "[40]")
        List<Integer> inputShape,
    @Schema(description = "Class names in the order of the logits") List<String> classes,
    @Schema(description = "Trainable parameters", example = "15210") long parameters,
    long bytes,
    String sha256,
    @Schema(description = "The job that made it; null if uploaded, or if the job was deleted")
        @Nullable UUID jobId,
    Instant createdAt) {}
