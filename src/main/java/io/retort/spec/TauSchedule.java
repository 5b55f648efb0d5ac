package io.retort.spec;

import com.fasterxml.jackson.annotation.JsonProperty;
import io.swagger.v3.oas.annotations.media.Schema;
import jakarta.validation.constraints.DecimalMax;
import jakarta.validation.constraints.DecimalMin;

/**
 * How the temperature of the distillation loss moves.
 *
 * @param to temperature of the last epoch
 */
@Schema(description = "How `tau` moves over the training.")
public record TauSchedule(
    @Schema(
            description =
                "`constant`: it stays; `linear` and `cosine`: from `tau` in the first epoch to `to`"
                    + " in the last; `spread`: `tau` times the mean standard deviation of a row of"
                    + " the teacher's logits, batch by batch",
            defaultValue = "constant")
        Kind type,
    @Schema(
            description = "Temperature of the last epoch; `linear` and `cosine` only",
            defaultValue = "1",
            minimum = "0",
            exclusiveMinimum = true,
            maximum = "1000")
        @DecimalMin(value = "0", inclusive = false)
        @DecimalMax("1000")
        Double to) {

  /** The shape of the way. */
  public enum Kind {
    @JsonProperty("constant")
    CONSTANT,
    @JsonProperty("linear")
    LINEAR,
    @JsonProperty("cosine")
    COSINE,
    @JsonProperty("spread")
    SPREAD
  }

  static final TauSchedule DEFAULT = new TauSchedule(Kind.CONSTANT, 1.0);

  public TauSchedule {
    type = Defaults.or(type, Kind.CONSTANT);
    to = Defaults.or(to, 1.0);
  }

  /**
   * The temperature of an epoch; for {@link Kind#SPREAD} the one that the spread is multiplied by.
   *
   * @param from temperature of the first epoch
   * @param epoch from 1 to {@code epochs}
   */
  public double at(double from, int epoch, int epochs) {
    double done = epochs == 1 ? 0 : (epoch - 1.0) / (epochs - 1);
    return switch (type) {
      case CONSTANT, SPREAD -> from;
      case LINEAR -> from + (to - from) * done;
      case COSINE -> to + (from - to) * (1 + StrictMath.cos(Math.PI * done)) / 2;
    };
  }
}
