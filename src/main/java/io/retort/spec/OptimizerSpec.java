package io.retort.spec;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import io.swagger.v3.oas.annotations.media.DiscriminatorMapping;
import io.swagger.v3.oas.annotations.media.Schema;
import jakarta.validation.constraints.DecimalMax;
import jakarta.validation.constraints.DecimalMin;

/** The optimiser, told apart by {@code type}; {@code adam} when no type is given. */
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "type", defaultImpl = OptimizerSpec.Adam.class)
@JsonSubTypes({
  @JsonSubTypes.Type(value = OptimizerSpec.Adam.class, name = "adam"),
  @JsonSubTypes.Type(value = OptimizerSpec.AdamW.class, name = "adamw"),
  @JsonSubTypes.Type(value = OptimizerSpec.Sgd.class, name = "sgd")
})
@Schema(
    description = "The optimiser, told apart by `type` (`adam` when left out).",
    discriminatorProperty = "type",
    discriminatorMapping = {
      @DiscriminatorMapping(value = "adam", schema = OptimizerSpec.Adam.class),
      @DiscriminatorMapping(value = "adamw", schema = OptimizerSpec.AdamW.class),
      @DiscriminatorMapping(value = "sgd", schema = OptimizerSpec.Sgd.class)
    },
    oneOf = {OptimizerSpec.Adam.class, OptimizerSpec.AdamW.class, OptimizerSpec.Sgd.class})
public sealed interface OptimizerSpec {

  OptimizerSpec DEFAULT = new Adam(1e-3, 0.9, 0.999, 1e-8);

  /** Peak learning rate; the schedule scales it. */
  Double learningRate();

  /** Adam: Kingma and Ba, 2015. */
  @Schema(name = "Adam", description = "Adam (Kingma and Ba, 2015).")
  record Adam(
      @Schema(defaultValue = "0.001", minimum = "0", exclusiveMinimum = true, maximum = "100")
          @DecimalMin(value = "0", inclusive = false)
          @DecimalMax("100")
          Double learningRate,
      @Schema(defaultValue = "0.9", minimum = "0", maximum = "0.9999")
          @DecimalMin("0")
          @DecimalMax("0.9999")
          Double beta1,
      @Schema(defaultValue = "0.999", minimum = "0", maximum = "0.999999")
          @DecimalMin("0")
          @DecimalMax("0.999999")
          Double beta2,
      @Schema(defaultValue = "1.0E-8", minimum = "0", exclusiveMinimum = true, maximum = "1")
          @DecimalMin(value = "0", inclusive = false)
          @DecimalMax("1")
          Double epsilon)
      implements OptimizerSpec {
    public Adam {
      learningRate = Defaults.or(learningRate, 1e-3);
      beta1 = Defaults.or(beta1, 0.9);
      beta2 = Defaults.or(beta2, 0.999);
      epsilon = Defaults.or(epsilon, 1e-8);
    }
  }

  /** Adam with decoupled weight decay: Loshchilov and Hutter, 2019. */
  @Schema(
      name = "AdamW",
      description = "Adam with decoupled weight decay (Loshchilov and Hutter, 2019).")
  record AdamW(
      @Schema(defaultValue = "0.001", minimum = "0", exclusiveMinimum = true, maximum = "100")
          @DecimalMin(value = "0", inclusive = false)
          @DecimalMax("100")
          Double learningRate,
      @Schema(defaultValue = "0.9", minimum = "0", maximum = "0.9999")
          @DecimalMin("0")
          @DecimalMax("0.9999")
          Double beta1,
      @Schema(defaultValue = "0.999", minimum = "0", maximum = "0.999999")
          @DecimalMin("0")
          @DecimalMax("0.999999")
          Double beta2,
      @Schema(defaultValue = "1.0E-8", minimum = "0", exclusiveMinimum = true, maximum = "1")
          @DecimalMin(value = "0", inclusive = false)
          @DecimalMax("1")
          Double epsilon,
      @Schema(defaultValue = "0.01", minimum = "0", maximum = "10")
          @DecimalMin("0")
          @DecimalMax("10")
          Double weightDecay)
      implements OptimizerSpec {
    public AdamW {
      learningRate = Defaults.or(learningRate, 1e-3);
      beta1 = Defaults.or(beta1, 0.9);
      beta2 = Defaults.or(beta2, 0.999);
      epsilon = Defaults.or(epsilon, 1e-8);
      weightDecay = Defaults.or(weightDecay, 0.01);
    }
  }

  /** Stochastic gradient descent with momentum; weight decay is added to the gradient. */
  @Schema(name = "Sgd", description = "SGD with momentum; weight decay is added to the gradient.")
  record Sgd(
      @Schema(defaultValue = "0.05", minimum = "0", exclusiveMinimum = true, maximum = "100")
          @DecimalMin(value = "0", inclusive = false)
          @DecimalMax("100")
          Double learningRate,
      @Schema(defaultValue = "0.9", minimum = "0", maximum = "0.9999")
          @DecimalMin("0")
          @DecimalMax("0.9999")
          Double momentum,
      @Schema(defaultValue = "false") Boolean nesterov,
      @Schema(defaultValue = "0", minimum = "0", maximum = "10") @DecimalMin("0") @DecimalMax("10")
          Double weightDecay)
      implements OptimizerSpec {
    public Sgd {
      learningRate = Defaults.or(learningRate, 0.05);
      momentum = Defaults.or(momentum, 0.9);
      nesterov = Defaults.or(nesterov, false);
      weightDecay = Defaults.or(weightDecay, 0.0);
    }
  }
}
