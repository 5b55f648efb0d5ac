package io.retort.spec;

import com.fasterxml.jackson.annotation.JsonAlias;
import com.fasterxml.jackson.annotation.JsonProperty;
import io.swagger.v3.oas.annotations.media.Schema;
import jakarta.validation.constraints.DecimalMax;
import jakarta.validation.constraints.DecimalMin;

/**
 * The loss of the student: {@code alpha * distillation + beta * cross-entropy}.
 *
 * @param tauSquared whether the distillation term is multiplied by tau squared
 * @param hardLossTemperature temperature of the cross-entropy against the true labels
 */
@Schema(description = "The loss: alpha * distillation + beta * cross-entropy.")
public record ObjectiveSpec(
    @Schema(
            description =
                "`kl`: KL divergence of the softened outputs at tau; `mse`: mean squared difference"
                    + " of the logits",
            defaultValue = "kl")
        Distillation distillation,
    @Schema(
            description = "Temperature (aliases `temperature`, `τ`)",
            defaultValue = "4",
            minimum = "0",
            exclusiveMinimum = true,
            maximum = "1000")
        @JsonAlias({"temperature", "τ"})
        @DecimalMin(value = "0", inclusive = false)
        @DecimalMax("1000")
        Double tau,
    @Schema(
            description = "Weight of the distillation loss (alias `α`)",
            defaultValue = "0.9",
            minimum = "0",
            maximum = "1000000")
        @JsonAlias("α")
        @DecimalMin("0")
        @DecimalMax("1000000")
        Double alpha,
    @Schema(
            description = "Weight of the cross-entropy with the labels (alias `β`)",
            defaultValue = "0.1",
            minimum = "0",
            maximum = "1000000")
        @JsonAlias("β")
        @DecimalMin("0")
        @DecimalMax("1000000")
        Double beta,
    @Schema(
            description =
                "`hinton`: tau^2 on the distillation loss, cross-entropy at temperature 1;"
                    + " `article`: no tau^2, cross-entropy at tau",
            defaultValue = "hinton")
        Convention convention,
    @Schema(description = "Overrides the convention: multiply the distillation loss by tau^2")
        Boolean tauSquared,
    @Schema(
            description = "Overrides the convention: temperature of the cross-entropy",
            minimum = "0",
            exclusiveMinimum = true,
            maximum = "1000")
        @DecimalMin(value = "0", inclusive = false)
        @DecimalMax("1000")
        Double hardLossTemperature) {

  /** How student and teacher are compared. */
  public enum Distillation {
    @JsonProperty("kl")
    KL,
    @JsonProperty("mse")
    MSE
  }

  /** Published code disagrees on two factors; the choice is explicit here. */
  public enum Convention {
    @JsonProperty("hinton")
    HINTON,
    @JsonProperty("article")
    ARTICLE
  }

  static final ObjectiveSpec DEFAULT =
      new ObjectiveSpec(Distillation.KL, 4.0, 0.9, 0.1, Convention.HINTON, true, 1.0);

  public ObjectiveSpec {
    distillation = Defaults.or(distillation, Distillation.KL);
    tau = Defaults.or(tau, 4.0);
    alpha = Defaults.or(alpha, 0.9);
    beta = Defaults.or(beta, 0.1);
    convention = Defaults.or(convention, Convention.HINTON);
    tauSquared = Defaults.or(tauSquared, convention == Convention.HINTON);
    hardLossTemperature =
        Defaults.or(hardLossTemperature, convention == Convention.HINTON ? 1.0 : tau);
  }

  /** The plain cross-entropy with which teachers and twins are trained. */
  public static ObjectiveSpec labelsOnly(double beta, double temperature) {
    return new ObjectiveSpec(
        Distillation.KL, 1.0, 0.0, beta, Convention.HINTON, false, temperature);
  }

  /**
   * The same objective without the teacher, as the twin is trained: weight 1 rather than beta,
   * because a smaller loss would only lower the learning rate of SGD.
   */
  public ObjectiveSpec withoutTeacher() {
    return labelsOnly(1, hardLossTemperature);
  }
}
