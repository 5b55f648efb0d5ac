package io.retort.spec;

import io.swagger.v3.oas.annotations.media.Schema;
import jakarta.validation.constraints.NotBlank;
import jakarta.validation.constraints.Size;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Soft targets that somebody else computed, so that no teacher runs at all: columns of the dataset,
 * or files of their own with one row for each of the dataset's.
 */
@Schema(
    description =
        "Soft targets that are there already, a teacher's logits or probabilities: exactly one of"
            + " `columns` (of the dataset) and `uri` (a file beside it).")
public record SoftTargetsSpec(
    @Schema(
            description =
                "The dataset's columns, one a class, in the order of `classes`; they are no features"
                    + " then. Where `classes` is left out, columns that are called as the classes"
                    + " are matched by name, and others are taken in the dataset's order")
        @Size(min = 2, max = 100_000)
        @Nullable List<@NotBlank String> columns,
    @Schema(
            description =
                "A file with one row of logits or probabilities for each row of the dataset, in its"
                    + " order: NPY, Parquet, CSV or JSON Lines, each also gzipped; schemes as in"
                    + " `dataset.uri`",
            example = "file:logits.npy")
        @Size(min = 1, max = 2048)
        @Nullable String uri,
    @Schema(description = "The same of the rows of `dataset.validation`, where that is given")
        @Size(min = 1, max = 2048)
        @Nullable String validation,
    @Schema(
            description =
                "The same of the rows of `dataset.test`, where that is given; left out, the report"
                    + " has no figures of the teacher on the test part")
        @Size(min = 1, max = 2048)
        @Nullable String test) {

  public SoftTargetsSpec {
    columns = columns == null ? null : List.copyOf(columns);
  }
}
