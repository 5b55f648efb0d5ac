package io.retort.spec;

import com.fasterxml.jackson.annotation.JsonProperty;
import io.swagger.v3.oas.annotations.media.Schema;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.Size;

/**
 * Which rows share a batch.
 *
 * @param k neighbours that a row brings along
 * @param tap what of the teacher tells which rows are close
 */
@Schema(description = "Which rows share a batch.")
public record BatchingSpec(
    @Schema(
            description =
                "`shuffled`: any; `neighbours`: a row brings along those of its `k` nearest rows, in"
                    + " what the teacher makes of them, that the epoch has not seen yet, so that"
                    + " relation terms see related rows. Every row comes once an epoch either way;"
                    + " the twin's batches stay shuffled",
            defaultValue = "shuffled")
        Kind type,
    @Schema(
            description =
                "Neighbours that a row brings along; less than `batchSize`; `neighbours` only",
            defaultValue = "8",
            minimum = "1",
            maximum = "256")
        @Min(1)
        @Max(256)
        Integer k,
    @Schema(
            description =
                "Where rows are close: a tap of the teacher, `logits`, or `auto`: the penultimate"
                    + " features of a teacher that has them, else the logits; `neighbours` only",
            defaultValue = "auto")
        @Size(min = 1, max = 512)
        String tap) {

  /** Stands for the teacher's logits rather than a tap. */
  public static final String LOGITS = "logits";

  /** How batches are put together. */
  public enum Kind {
    @JsonProperty("shuffled")
    SHUFFLED,
    @JsonProperty("neighbours")
    NEIGHBOURS
  }

  static final BatchingSpec DEFAULT = new BatchingSpec(Kind.SHUFFLED, 8, TermSpec.AUTO);

  public BatchingSpec {
    type = Defaults.or(type, Kind.SHUFFLED);
    k = Defaults.or(k, 8);
    tap = Defaults.or(tap, TermSpec.AUTO);
  }

  public boolean neighbours() {
    return type == Kind.NEIGHBOURS;
  }
}
