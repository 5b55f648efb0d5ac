package io.retort.spec;

import com.fasterxml.jackson.annotation.JsonAlias;
import com.fasterxml.jackson.annotation.JsonProperty;
import io.swagger.v3.oas.annotations.media.Schema;
import jakarta.validation.Valid;
import jakarta.validation.constraints.DecimalMax;
import jakarta.validation.constraints.DecimalMin;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Size;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The loss of the student: {@code alpha * distillation + beta * cross-entropy}, and further terms.
 *
 * @param tauSquared whether the distillation term is multiplied by tau squared
 * @param hardLossTemperature temperature of the cross-entropy against the true labels
 */
// No `default` for alpha and beta: it depends on the terms, and generated clients would send it.
@Schema(description = "The loss: alpha * distillation + beta * cross-entropy + the weighted terms.")
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
            description =
                "Weight of the distillation loss (alias `α`); 0.9 when left out, 0 where there are"
                    + " terms",
            minimum = "0",
            maximum = "1000000")
        @JsonAlias("α")
        @DecimalMin("0")
        @DecimalMax("1000000")
        Double alpha,
    @Schema(
            description =
                "Weight of the cross-entropy with the labels (alias `β`); 0.1 when left out, 1 where"
                    + " there are terms",
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
        Double hardLossTemperature,
    @Schema(description = "How `tau` moves over the training; it stays when left out") @Valid
        TauSchedule tauSchedule,
    @Schema(
            description =
                "Further terms, each with a weight of its own. With terms, `alpha` is 0 and `beta`"
                    + " is 1 unless they are given, as the methods were published")
        @Size(max = 32)
        List<@Valid @NotNull TermSpec> terms) {

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
    terms = Defaults.list(terms, List.of());
    alpha = Defaults.or(alpha, terms.isEmpty() ? 0.9 : 0.0);
    beta = Defaults.or(beta, terms.isEmpty() ? 0.1 : 1.0);
    convention = Defaults.or(convention, Convention.HINTON);
    tauSquared = Defaults.or(tauSquared, convention == Convention.HINTON);
    hardLossTemperature =
        Defaults.or(hardLossTemperature, convention == Convention.HINTON ? 1.0 : tau);
    tauSchedule = Defaults.or(tauSchedule, TauSchedule.DEFAULT);
  }

  /** No further terms, and a temperature that stays. */
  public ObjectiveSpec(
      Distillation distillation,
      Double tau,
      Double alpha,
      Double beta,
      Convention convention,
      Boolean tauSquared,
      Double hardLossTemperature) {
    this(
        distillation,
        tau,
        alpha,
        beta,
        convention,
        tauSquared,
        hardLossTemperature,
        TauSchedule.DEFAULT,
        List.of());
  }

  /** Whether anything of it looks at the teacher. */
  public boolean needsTeacher() {
    return alpha > 0 || !terms.isEmpty();
  }

  /** The terms that read features. */
  public List<TermSpec> featureTerms() {
    return terms.stream().filter(term -> !term.readsOnlyLogits()).toList();
  }

  /** A name for each term, in their order: its type, numbered where that stands more than once. */
  public List<String> termNames() {
    List<String> names = new ArrayList<>();
    Map<String, Integer> seen = new HashMap<>();
    for (TermSpec term : terms) {
      int number = seen.merge(term.type(), 1, Integer::sum);
      names.add(number == 1 ? term.type() : term.type() + "#" + number);
    }
    return names;
  }

  /** The distillation alone, with its weight. */
  public ObjectiveSpec onlyAlpha() {
    return weighted(alpha, 0, List.of());
  }

  /** The cross-entropy alone, with its weight. */
  public ObjectiveSpec onlyBeta() {
    return weighted(0, beta, List.of());
  }

  /** One of the terms alone, with its weight. */
  public ObjectiveSpec onlyTerm(int i) {
    return weighted(0, 0, List.of(terms.get(i)));
  }

  /** The same with other terms. */
  public ObjectiveSpec withTerms(List<TermSpec> chosen) {
    return weighted(alpha, beta, chosen);
  }

  private ObjectiveSpec weighted(double a, double b, List<TermSpec> chosen) {
    return new ObjectiveSpec(
        distillation, tau, a, b, convention, tauSquared, hardLossTemperature, tauSchedule, chosen);
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
