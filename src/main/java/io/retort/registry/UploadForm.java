package io.retort.registry;

import io.swagger.v3.oas.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/** The parts of an upload, for the API description. */
@Schema(name = "Upload", description = "A multipart upload.")
record UploadForm(
    @Schema(
            description = "The file",
            type = "string",
            format = "binary",
            requiredMode = Schema.RequiredMode.REQUIRED)
        Object file,
    @Schema(description = "A name for people; the file's name when left out", maxLength = 200)
        @Nullable String name) {}
