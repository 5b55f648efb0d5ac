package io.retort.spec;

import io.swagger.v3.oas.annotations.media.Schema;
import jakarta.validation.Valid;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.NotBlank;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Size;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Where the rows come from and how they are read.
 *
 * @param features the feature columns in order; null means every column but the label
 * @param shape the shape of one row, channels first, e.g. {@code [1, 28, 28]}; null means what the
 *     file says, or flat
 * @param standardize null where the data decide
 * @param labels where the labels lie when the features' file has none (IDX pairs, NPY)
 */
@Schema(description = "The dataset, its columns and its split.")
public record DatasetSpec(
    @Schema(
            description =
                "`sample:mnist1d`, `dataset:<id>` (uploaded), `file:` (under the configured roots),"
                    + " `https:` or `http:`",
            example = "sample:mnist1d")
        @NotBlank
        @Size(max = 2048)
        String uri,
    @Schema(description = "`auto` looks at the content, then at the name", defaultValue = "auto")
        DataFormat format,
    @Schema(
            description = "The label's column (in NPZ: the label array's name)",
            defaultValue = "label",
            maxLength = 200)
        @Size(min = 1, max = 200)
        String label,
    @Schema(
            description =
                "Feature columns in order; all but the label when left out. Of a column of lists"
                    + " (Parquet, JSON Lines) each number is a feature: `embedding` is all of them,"
                    + " `embedding[3]` one")
        @Size(min = 1, max = 100_000)
        @Nullable List<@NotBlank String> features,
    @Schema(
            description =
                "Shape of one row, channels first; must multiply out to the columns. When left out"
                    + " it is what the file, or a single column of nested lists, has",
            example = "[1, 40]")
        @Size(min = 1, max = 3)
        @Nullable List<@NotNull @Min(1) @Max(1_000_000) Integer> shape,
    @Schema(
            description =
                "URI of a separate file of labels: an IDX label file, or a one-dimensional NPY")
        @Size(min = 1, max = 2048)
        @Nullable String labels,
    @Schema(
            description =
                "Scale every feature to mean 0 and deviation 1, by statistics of the training part"
                    + " that travel with the model. When left out, that is done where the"
                    + " features are far from unit size: a column's root mean square is over 3, or"
                    + " no number reaches 0.1")
        @Nullable Boolean standardize,
    @Valid SplitSpec split,
    @Schema(description = "Validation rows from a dataset of their own instead of a fraction")
        @Valid
        @Nullable PartSpec validation,
    @Schema(description = "Test rows from a dataset of their own instead of a fraction") @Valid
        @Nullable PartSpec test) {

  public DatasetSpec {
    format = Defaults.or(format, DataFormat.AUTO);
    label = Defaults.or(label, "label");
    features = features == null ? null : List.copyOf(features);
    shape = shape == null ? null : List.copyOf(shape);
    split = Defaults.or(split, SplitSpec.DEFAULT);
  }

  /** The same with a choice of whether its features are standardised. */
  public DatasetSpec withStandardize(boolean chosen) {
    return new DatasetSpec(
        uri, format, label, features, shape, labels, chosen, split, validation, test);
  }
}
