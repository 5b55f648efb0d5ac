package io.retort.spec;

import io.retort.spec.Method.Family;
import io.retort.spec.Method.Taps;
import io.retort.spec.TermFields.Temperature;
import io.retort.spec.TermFields.WarmupEpochs;
import io.retort.spec.TermFields.Weight;
import io.swagger.v3.oas.annotations.media.Schema;

/** Terms that compare logits. */
public sealed interface ResponseTerm extends TermSpec {

  /** Hinton, Vinyals and Dean, 2015. */
  @Method(
      family = Family.RESPONSE,
      taps = Taps.LOGITS,
      formula =
          "tau^2 / B * sum softmax(t / tau) * (log softmax(t / tau) - log softmax(s / tau)); with `standardize`, of (z - mean z) / std z",
      paper =
          "Hinton, Vinyals and Dean, 2015 (arXiv:1503.02531); standardised: Sun et al., 2024 (arXiv:2403.01427)")
  @Schema(name = "Kl", description = "Hinton, Vinyals and Dean, 2015 (arXiv:1503.02531).")
  record Kl(
      @Weight Double weight,
      @Temperature Double tau,
      @Schema(description = "Centre and scale each row of logits first (logit standardisation)")
          Boolean standardize)
      implements ResponseTerm {
    public Kl {
      weight = Defaults.or(weight, 0.9);
      tau = Defaults.or(tau, 4.0);
      standardize = Defaults.or(standardize, false);
    }
  }

  /** Ba and Caruana, 2014. */
  @Method(
      family = Family.RESPONSE,
      taps = Taps.LOGITS,
      formula = "mean (s - t)^2",
      paper = "Ba and Caruana, 2014 (arXiv:1312.6184)")
  @Schema(name = "Mse", description = "Ba and Caruana, 2014 (arXiv:1312.6184).")
  record Mse(@Weight Double weight) implements ResponseTerm {
    public Mse {
      weight = Defaults.or(weight, 1.0);
    }
  }

  /** Lin, 1991. */
  @Method(
      family = Family.RESPONSE,
      taps = Taps.LOGITS,
      formula =
          "tau^2 / B * sum (KL(q || m) + KL(p || m)) / 2, m = (p + q) / 2, p = softmax(s / tau), q = softmax(t / tau)",
      paper = "Lin, 1991 (IEEE Trans. Inf. Theory 37)")
  @Schema(name = "JensenShannon", description = "Lin, 1991 (IEEE Trans. Inf. Theory 37).")
  record JensenShannon(@Weight Double weight, @Temperature Double tau) implements ResponseTerm {
    public JensenShannon {
      weight = Defaults.or(weight, 0.9);
      tau = Defaults.or(tau, 4.0);
    }
  }

  /** Zhao et al., 2022. */
  @Method(
      family = Family.RESPONSE,
      taps = Taps.LOGITS,
      formula =
          "tau^2 / B * sum (alpha * KL([q_y, 1 - q_y] || [p_y, 1 - p_y]) + beta * KL(q without y || p without y))",
      paper = "Zhao et al., 2022 (arXiv:2203.08679)")
  @Schema(name = "Dkd", description = "Zhao et al., 2022 (arXiv:2203.08679).")
  record Dkd(
      @Weight Double weight,
      @Weight @Schema(description = "Weight of the target class against the rest") Double alpha,
      @Weight @Schema(description = "Weight of the classes that are not the target") Double beta,
      @Temperature Double tau,
      @WarmupEpochs Integer warmupEpochs)
      implements ResponseTerm {
    public Dkd {
      weight = Defaults.or(weight, 1.0);
      alpha = Defaults.or(alpha, 1.0);
      beta = Defaults.or(beta, 8.0);
      tau = Defaults.or(tau, 4.0);
      warmupEpochs = Defaults.or(warmupEpochs, 20);
    }

    @Override
    public int warmup() {
      return warmupEpochs;
    }
  }

  /** Huang et al., 2022. */
  @Method(
      family = Family.RESPONSE,
      taps = Taps.LOGITS,
      minBatch = 2,
      formula =
          "tau^2 * (beta * (1 - mean_i corr(p_i, q_i)) + gamma * (1 - mean_c corr(p_.c, q_.c)))",
      paper = "Huang et al., 2022 (arXiv:2205.10536)")
  @Schema(name = "Dist", description = "Huang et al., 2022 (arXiv:2205.10536).")
  record Dist(
      @Weight Double weight,
      @Weight @Schema(description = "Weight of the correlation within rows") Double beta,
      @Weight @Schema(description = "Weight of the correlation within classes") Double gamma,
      @Temperature Double tau)
      implements ResponseTerm {
    public Dist {
      weight = Defaults.or(weight, 2.0);
      beta = Defaults.or(beta, 1.0);
      gamma = Defaults.or(gamma, 1.0);
      tau = Defaults.or(tau, 4.0);
    }
  }
}
