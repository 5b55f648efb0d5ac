package io.retort.spec;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import io.swagger.v3.oas.annotations.media.DiscriminatorMapping;
import io.swagger.v3.oas.annotations.media.Schema;
import jakarta.validation.constraints.DecimalMax;
import jakarta.validation.constraints.DecimalMin;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Size;
import java.util.List;

/**
 * How the learning rate moves. With warm-up it rises linearly over the first epochs, step by step,
 * before the schedule proper begins.
 */
@JsonTypeInfo(
    use = JsonTypeInfo.Id.NAME,
    property = "type",
    defaultImpl = ScheduleSpec.Constant.class)
@JsonSubTypes({
  @JsonSubTypes.Type(value = ScheduleSpec.Constant.class, name = "constant"),
  @JsonSubTypes.Type(value = ScheduleSpec.Cosine.class, name = "cosine"),
  @JsonSubTypes.Type(value = ScheduleSpec.Step.class, name = "step")
})
@Schema(
    description = "The learning rate over time, told apart by `type` (`constant` when left out).",
    discriminatorProperty = "type",
    discriminatorMapping = {
      @DiscriminatorMapping(value = "constant", schema = ScheduleSpec.Constant.class),
      @DiscriminatorMapping(value = "cosine", schema = ScheduleSpec.Cosine.class),
      @DiscriminatorMapping(value = "step", schema = ScheduleSpec.Step.class)
    },
    oneOf = {ScheduleSpec.Constant.class, ScheduleSpec.Cosine.class, ScheduleSpec.Step.class})
public sealed interface ScheduleSpec {

  ScheduleSpec DEFAULT = new Constant(0);

  /** Epochs of linear warm-up; 0 for none. */
  Integer warmupEpochs();

  /** The rate stays. */
  @Schema(name = "ConstantSchedule", description = "The rate stays.")
  record Constant(
      @Schema(defaultValue = "0", minimum = "0", maximum = "1000") @Min(0) @Max(1_000)
          Integer warmupEpochs)
      implements ScheduleSpec {
    public Constant {
      warmupEpochs = Defaults.or(warmupEpochs, 0);
    }
  }

  /** Half a cosine from the peak down to {@code floor} times the peak. */
  @Schema(
      name = "CosineSchedule",
      description = "Half a cosine from the peak to `floor` times the peak.")
  record Cosine(
      @Schema(defaultValue = "0", minimum = "0", maximum = "1000") @Min(0) @Max(1_000)
          Integer warmupEpochs,
      @Schema(defaultValue = "0", minimum = "0", maximum = "1") @DecimalMin("0") @DecimalMax("1")
          Double floor)
      implements ScheduleSpec {
    public Cosine {
      warmupEpochs = Defaults.or(warmupEpochs, 0);
      floor = Defaults.or(floor, 0.0);
    }
  }

  /** The rate is multiplied by {@code gamma} at the beginning of each epoch of {@code at}. */
  @Schema(
      name = "StepSchedule",
      description = "The rate is multiplied by `gamma` after each epoch of `at`.")
  record Step(
      @Schema(defaultValue = "0", minimum = "0", maximum = "1000") @Min(0) @Max(1_000)
          Integer warmupEpochs,
      @Schema(
              description = "Epochs (from 1) after which the rate falls",
              example = "[150, 180, 210]")
          @NotNull
          @Size(min = 1, max = 100)
          List<@NotNull @Min(1) @Max(10_000) Integer> at,
      @Schema(defaultValue = "0.1", minimum = "0", exclusiveMinimum = true, maximum = "1")
          @DecimalMin(value = "0", inclusive = false)
          @DecimalMax("1")
          Double gamma)
      implements ScheduleSpec {
    public Step {
      warmupEpochs = Defaults.or(warmupEpochs, 0);
      gamma = Defaults.or(gamma, 0.1);
    }
  }
}
