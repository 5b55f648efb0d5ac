package io.retort.spec;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import io.retort.spec.Method.Family;
import io.retort.spec.Method.Taps;
import io.swagger.v3.oas.annotations.media.DiscriminatorMapping;
import io.swagger.v3.oas.annotations.media.Schema;
import jakarta.validation.constraints.DecimalMax;
import jakarta.validation.constraints.DecimalMin;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Size;
import java.util.Arrays;
import java.util.List;

/**
 * One weighted term of the objective: a method of distillation with its parameters. Default weights
 * are the published ones. What a method is stands in its {@link Method}; the two together are what
 * {@link Methods} lists.
 */
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "type")
@JsonSubTypes({
  @JsonSubTypes.Type(value = TermSpec.Kl.class, name = "kl"),
  @JsonSubTypes.Type(value = TermSpec.Mse.class, name = "mse"),
  @JsonSubTypes.Type(value = TermSpec.JensenShannon.class, name = "jensen-shannon"),
  @JsonSubTypes.Type(value = TermSpec.Dkd.class, name = "dkd"),
  @JsonSubTypes.Type(value = TermSpec.Dist.class, name = "dist"),
  @JsonSubTypes.Type(value = TermSpec.Hint.class, name = "hint"),
  @JsonSubTypes.Type(value = TermSpec.AttentionTransfer.class, name = "attention-transfer"),
  @JsonSubTypes.Type(value = TermSpec.NeuronSelectivity.class, name = "neuron-selectivity"),
  @JsonSubTypes.Type(
      value = TermSpec.VariationalInformation.class,
      name = "variational-information"),
  @JsonSubTypes.Type(value = TermSpec.FactorTransfer.class, name = "factor-transfer"),
  @JsonSubTypes.Type(value = TermSpec.Flow.class, name = "flow"),
  @JsonSubTypes.Type(value = TermSpec.ActivationBoundaries.class, name = "activation-boundaries"),
  @JsonSubTypes.Type(value = TermSpec.Review.class, name = "review"),
  @JsonSubTypes.Type(value = TermSpec.RkdDistance.class, name = "rkd-distance"),
  @JsonSubTypes.Type(value = TermSpec.RkdAngle.class, name = "rkd-angle"),
  @JsonSubTypes.Type(value = TermSpec.Similarity.class, name = "similarity"),
  @JsonSubTypes.Type(value = TermSpec.Pkt.class, name = "pkt"),
  @JsonSubTypes.Type(value = TermSpec.Correlation.class, name = "correlation")
})
@Schema(
    description =
        "A weighted method of distillation, told apart by `type`; `GET /v1/methods` explains each.",
    discriminatorProperty = "type",
    discriminatorMapping = {
      @DiscriminatorMapping(value = "kl", schema = TermSpec.Kl.class),
      @DiscriminatorMapping(value = "mse", schema = TermSpec.Mse.class),
      @DiscriminatorMapping(value = "jensen-shannon", schema = TermSpec.JensenShannon.class),
      @DiscriminatorMapping(value = "dkd", schema = TermSpec.Dkd.class),
      @DiscriminatorMapping(value = "dist", schema = TermSpec.Dist.class),
      @DiscriminatorMapping(value = "hint", schema = TermSpec.Hint.class),
      @DiscriminatorMapping(
          value = "attention-transfer",
          schema = TermSpec.AttentionTransfer.class),
      @DiscriminatorMapping(
          value = "neuron-selectivity",
          schema = TermSpec.NeuronSelectivity.class),
      @DiscriminatorMapping(
          value = "variational-information",
          schema = TermSpec.VariationalInformation.class),
      @DiscriminatorMapping(value = "factor-transfer", schema = TermSpec.FactorTransfer.class),
      @DiscriminatorMapping(value = "flow", schema = TermSpec.Flow.class),
      @DiscriminatorMapping(
          value = "activation-boundaries",
          schema = TermSpec.ActivationBoundaries.class),
      @DiscriminatorMapping(value = "review", schema = TermSpec.Review.class),
      @DiscriminatorMapping(value = "rkd-distance", schema = TermSpec.RkdDistance.class),
      @DiscriminatorMapping(value = "rkd-angle", schema = TermSpec.RkdAngle.class),
      @DiscriminatorMapping(value = "similarity", schema = TermSpec.Similarity.class),
      @DiscriminatorMapping(value = "pkt", schema = TermSpec.Pkt.class),
      @DiscriminatorMapping(value = "correlation", schema = TermSpec.Correlation.class)
    },
    oneOf = {
      TermSpec.Kl.class,
      TermSpec.Mse.class,
      TermSpec.JensenShannon.class,
      TermSpec.Dkd.class,
      TermSpec.Dist.class,
      TermSpec.Hint.class,
      TermSpec.AttentionTransfer.class,
      TermSpec.NeuronSelectivity.class,
      TermSpec.VariationalInformation.class,
      TermSpec.FactorTransfer.class,
      TermSpec.Flow.class,
      TermSpec.ActivationBoundaries.class,
      TermSpec.Review.class,
      TermSpec.RkdDistance.class,
      TermSpec.RkdAngle.class,
      TermSpec.Similarity.class,
      TermSpec.Pkt.class,
      TermSpec.Correlation.class
    })
public sealed interface TermSpec {

  /** Stands for a tap that is to be chosen. */
  String AUTO = "auto";

  Double weight();

  /** Taps of the student; empty, or {@link #AUTO} alone, where they are to be chosen. */
  default List<String> studentTaps() {
    return List.of();
  }

  /** Taps of the teacher, likewise. */
  default List<String> teacherTaps() {
    return List.of();
  }

  /**
   * The same term with its taps chosen.
   *
   * @param student as many as {@code teacher}
   */
  default TermSpec withTaps(List<String> student, List<String> teacher) {
    return this;
  }

  /** Epochs over which the weight rises linearly; 0 for none. */
  default int warmup() {
    return 0;
  }

  /** What it says of itself. */
  default Method method() {
    return getClass().getAnnotation(Method.class);
  }

  /** Its {@code type} in JSON. */
  default String type() {
    return Arrays.stream(TermSpec.class.getAnnotation(JsonSubTypes.class).value())
        .filter(type -> type.value() == getClass())
        .findFirst()
        .orElseThrow()
        .name();
  }

  /** Whether it reads nothing but logits. */
  default boolean readsOnlyLogits() {
    return method().taps() == Taps.LOGITS;
  }

  /** A term that reads one tensor of each network. */
  sealed interface OfOne extends TermSpec {
    String student();

    String teacher();

    @Override
    default List<String> studentTaps() {
      return List.of(student());
    }

    @Override
    default List<String> teacherTaps() {
      return List.of(teacher());
    }
  }

  /** A term that reads pairs of tensors. */
  sealed interface OfMany extends TermSpec {
    List<String> students();

    List<String> teachers();

    @Override
    default List<String> studentTaps() {
      return students();
    }

    @Override
    default List<String> teacherTaps() {
      return teachers();
    }
  }

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
      @Schema(
              description = "Weight of the term",
              defaultValue = "0.9",
              minimum = "0",
              maximum = "1000000")
          @DecimalMin("0")
          @DecimalMax("1000000")
          Double weight,
      @Schema(
              description = "Temperature",
              defaultValue = "4",
              minimum = "0",
              exclusiveMinimum = true,
              maximum = "1000")
          @DecimalMin(value = "0", inclusive = false)
          @DecimalMax("1000")
          Double tau,
      @Schema(
              description = "Centre and scale each row of logits first (logit standardisation)",
              defaultValue = "false")
          Boolean standardize)
      implements TermSpec {
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
  record Mse(
      @Schema(
              description = "Weight of the term",
              defaultValue = "1",
              minimum = "0",
              maximum = "1000000")
          @DecimalMin("0")
          @DecimalMax("1000000")
          Double weight)
      implements TermSpec {
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
  record JensenShannon(
      @Schema(
              description = "Weight of the term",
              defaultValue = "0.9",
              minimum = "0",
              maximum = "1000000")
          @DecimalMin("0")
          @DecimalMax("1000000")
          Double weight,
      @Schema(
              description = "Temperature",
              defaultValue = "4",
              minimum = "0",
              exclusiveMinimum = true,
              maximum = "1000")
          @DecimalMin(value = "0", inclusive = false)
          @DecimalMax("1000")
          Double tau)
      implements TermSpec {
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
      @Schema(
              description = "Weight of the term",
              defaultValue = "1",
              minimum = "0",
              maximum = "1000000")
          @DecimalMin("0")
          @DecimalMax("1000000")
          Double weight,
      @Schema(
              description = "Weight of the target class against the rest",
              defaultValue = "1",
              minimum = "0",
              maximum = "1000000")
          @DecimalMin("0")
          @DecimalMax("1000000")
          Double alpha,
      @Schema(
              description = "Weight of the classes that are not the target",
              defaultValue = "8",
              minimum = "0",
              maximum = "1000000")
          @DecimalMin("0")
          @DecimalMax("1000000")
          Double beta,
      @Schema(
              description = "Temperature",
              defaultValue = "4",
              minimum = "0",
              exclusiveMinimum = true,
              maximum = "1000")
          @DecimalMin(value = "0", inclusive = false)
          @DecimalMax("1000")
          Double tau,
      @Schema(
              description = "Epochs over which the weight rises linearly to its full size",
              defaultValue = "20",
              minimum = "0",
              maximum = "10000")
          @Min(0)
          @Max(10000)
          Integer warmupEpochs)
      implements TermSpec {
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
      @Schema(
              description = "Weight of the term",
              defaultValue = "2",
              minimum = "0",
              maximum = "1000000")
          @DecimalMin("0")
          @DecimalMax("1000000")
          Double weight,
      @Schema(
              description = "Weight of the correlation within rows",
              defaultValue = "1",
              minimum = "0",
              maximum = "1000000")
          @DecimalMin("0")
          @DecimalMax("1000000")
          Double beta,
      @Schema(
              description = "Weight of the correlation within classes",
              defaultValue = "1",
              minimum = "0",
              maximum = "1000000")
          @DecimalMin("0")
          @DecimalMax("1000000")
          Double gamma,
      @Schema(
              description = "Temperature",
              defaultValue = "4",
              minimum = "0",
              exclusiveMinimum = true,
              maximum = "1000")
          @DecimalMin(value = "0", inclusive = false)
          @DecimalMax("1000")
          Double tau)
      implements TermSpec {
    public Dist {
      weight = Defaults.or(weight, 2.0);
      beta = Defaults.or(beta, 1.0);
      gamma = Defaults.or(gamma, 1.0);
      tau = Defaults.or(tau, 4.0);
    }
  }

  /** Romero et al., 2015. */
  @Method(
      family = Family.FEATURE,
      taps = Taps.FEATURES,
      initialStage = true,
      formula =
          "mean (r(s) - t)^2; r: a trained 1x1 convolution, batch normalisation and ReLU, or a linear layer for rows, where widths differ",
      paper = "Romero et al., 2015 (arXiv:1412.6550)")
  @Schema(name = "Hint", description = "Romero et al., 2015 (arXiv:1412.6550).")
  record Hint(
      @Schema(
              description = "Weight of the term",
              defaultValue = "100",
              minimum = "0",
              maximum = "1000000")
          @DecimalMin("0")
          @DecimalMax("1000000")
          Double weight,
      @Schema(description = "Tap of the student, or `auto`", defaultValue = "auto")
          @Size(min = 1, max = 512)
          String student,
      @Schema(description = "Tap of the teacher, or `auto`", defaultValue = "auto")
          @Size(min = 1, max = 512)
          String teacher)
      implements OfOne {
    public Hint {
      weight = Defaults.or(weight, 100.0);
      student = Defaults.or(student, AUTO);
      teacher = Defaults.or(teacher, AUTO);
    }

    @Override
    public TermSpec withTaps(List<String> s, List<String> t) {
      return new Hint(weight, s.get(0), t.get(0));
    }
  }

  /** Zagoruyko and Komodakis, 2017. */
  @Method(
      family = Family.FEATURE,
      taps = Taps.MAPS,
      formula =
          "sum over pairs of mean (N(m_s) - N(m_t))^2, m = mean over channels of f^2, N: to length 1",
      paper = "Zagoruyko and Komodakis, 2017 (arXiv:1612.03928)")
  @Schema(
      name = "AttentionTransfer",
      description = "Zagoruyko and Komodakis, 2017 (arXiv:1612.03928).")
  record AttentionTransfer(
      @Schema(
              description = "Weight of the term",
              defaultValue = "1000",
              minimum = "0",
              maximum = "1000000")
          @DecimalMin("0")
          @DecimalMax("1000000")
          Double weight,
      @Schema(
              description =
                  "Taps of the student, paired with the teacher's in their order; none for `auto`")
          @Size(max = 32)
          List<@NotNull @Size(min = 1, max = 512) String> students,
      @Schema(description = "Taps of the teacher; none for `auto`") @Size(max = 32)
          List<@NotNull @Size(min = 1, max = 512) String> teachers)
      implements OfMany {
    public AttentionTransfer {
      weight = Defaults.or(weight, 1000.0);
      students = Defaults.list(students, List.of());
      teachers = Defaults.list(teachers, List.of());
    }

    @Override
    public TermSpec withTaps(List<String> s, List<String> t) {
      return new AttentionTransfer(weight, s, t);
    }
  }

  /** Huang and Wang, 2017. */
  @Method(
      family = Family.FEATURE,
      taps = Taps.MAPS,
      formula =
          "sum over pairs of mean k(t, t) + mean k(s, s) - 2 mean k(s, t), k(a, b) = <a, b>^2 of channels brought to length 1",
      paper = "Huang and Wang, 2017 (arXiv:1707.01219)")
  @Schema(name = "NeuronSelectivity", description = "Huang and Wang, 2017 (arXiv:1707.01219).")
  record NeuronSelectivity(
      @Schema(
              description = "Weight of the term",
              defaultValue = "50",
              minimum = "0",
              maximum = "1000000")
          @DecimalMin("0")
          @DecimalMax("1000000")
          Double weight,
      @Schema(
              description =
                  "Taps of the student, paired with the teacher's in their order; none for `auto`")
          @Size(max = 32)
          List<@NotNull @Size(min = 1, max = 512) String> students,
      @Schema(description = "Taps of the teacher; none for `auto`") @Size(max = 32)
          List<@NotNull @Size(min = 1, max = 512) String> teachers)
      implements OfMany {
    public NeuronSelectivity {
      weight = Defaults.or(weight, 50.0);
      students = Defaults.list(students, List.of());
      teachers = Defaults.list(teachers, List.of());
    }

    @Override
    public TermSpec withTaps(List<String> s, List<String> t) {
      return new NeuronSelectivity(weight, s, t);
    }
  }

  /** Ahn et al., 2019. */
  @Method(
      family = Family.FEATURE,
      taps = Taps.MAPS_OR_FEATURES,
      formula =
          "sum over pairs of mean ((mu(s) - t)^2 / v + log v) / 2; mu: three trained 1x1 convolutions, v: a trained variance a channel, 5 at first",
      paper = "Ahn et al., 2019 (arXiv:1904.05835)")
  @Schema(name = "VariationalInformation", description = "Ahn et al., 2019 (arXiv:1904.05835).")
  record VariationalInformation(
      @Schema(
              description = "Weight of the term",
              defaultValue = "1",
              minimum = "0",
              maximum = "1000000")
          @DecimalMin("0")
          @DecimalMax("1000000")
          Double weight,
      @Schema(
              description =
                  "Taps of the student, paired with the teacher's in their order; none for `auto`")
          @Size(max = 32)
          List<@NotNull @Size(min = 1, max = 512) String> students,
      @Schema(description = "Taps of the teacher; none for `auto`") @Size(max = 32)
          List<@NotNull @Size(min = 1, max = 512) String> teachers)
      implements OfMany {
    public VariationalInformation {
      weight = Defaults.or(weight, 1.0);
      students = Defaults.list(students, List.of());
      teachers = Defaults.list(teachers, List.of());
    }

    @Override
    public TermSpec withTaps(List<String> s, List<String> t) {
      return new VariationalInformation(weight, s, t);
    }
  }

  /** Kim, Park and Kwak, 2018. */
  @Method(
      family = Family.FEATURE,
      taps = Taps.MAP,
      formula =
          "mean |N(mean over channels of T(s)^2) - N(the same of P(t))|; T, P: trained 1x1 convolutions; plus the squared error of what a further one restores from P(t)",
      paper = "Kim, Park and Kwak, 2018 (arXiv:1802.04977)")
  @Schema(name = "FactorTransfer", description = "Kim, Park and Kwak, 2018 (arXiv:1802.04977).")
  record FactorTransfer(
      @Schema(
              description = "Weight of the term",
              defaultValue = "200",
              minimum = "0",
              maximum = "1000000")
          @DecimalMin("0")
          @DecimalMax("1000000")
          Double weight,
      @Schema(description = "Tap of the student, or `auto`", defaultValue = "auto")
          @Size(min = 1, max = 512)
          String student,
      @Schema(description = "Tap of the teacher, or `auto`", defaultValue = "auto")
          @Size(min = 1, max = 512)
          String teacher,
      @Schema(
              description = "Channels of the factors, as a share of the teacher's",
              defaultValue = "0.5",
              minimum = "0",
              exclusiveMinimum = true,
              maximum = "4")
          @DecimalMin(value = "0", inclusive = false)
          @DecimalMax("4")
          Double rate)
      implements OfOne {
    public FactorTransfer {
      weight = Defaults.or(weight, 200.0);
      student = Defaults.or(student, AUTO);
      teacher = Defaults.or(teacher, AUTO);
      rate = Defaults.or(rate, 0.5);
    }

    @Override
    public TermSpec withTaps(List<String> s, List<String> t) {
      return new FactorTransfer(weight, s.get(0), t.get(0), rate);
    }
  }

  /** Yim et al., 2017. */
  @Method(
      family = Family.FEATURE,
      taps = Taps.MAPS,
      initialStage = true,
      formula =
          "sum over neighbouring stages of mean (G_s - G_t)^2, G = mean over positions of f_i f_j^T",
      paper = "Yim et al., 2017 (CVPR)")
  @Schema(name = "Flow", description = "Yim et al., 2017 (CVPR).")
  record Flow(
      @Schema(
              description = "Weight of the term",
              defaultValue = "50",
              minimum = "0",
              maximum = "1000000")
          @DecimalMin("0")
          @DecimalMax("1000000")
          Double weight,
      @Schema(
              description =
                  "Taps of the student, paired with the teacher's in their order; none for `auto`")
          @Size(max = 32)
          List<@NotNull @Size(min = 1, max = 512) String> students,
      @Schema(description = "Taps of the teacher; none for `auto`") @Size(max = 32)
          List<@NotNull @Size(min = 1, max = 512) String> teachers)
      implements OfMany {
    public Flow {
      weight = Defaults.or(weight, 50.0);
      students = Defaults.list(students, List.of());
      teachers = Defaults.list(teachers, List.of());
    }

    @Override
    public TermSpec withTaps(List<String> s, List<String> t) {
      return new Flow(weight, s, t);
    }
  }

  /** Heo et al., 2019. */
  @Method(
      family = Family.FEATURE,
      taps = Taps.PREACTIVATIONS,
      initialStage = true,
      formula =
          "3 / (1000 B) * sum over pairs 2^(i - n + 1) * sum ((c(s) + m)^2 [c(s) > -m, t <= 0] + (c(s) - m)^2 [c(s) <= m, t > 0]); c: a trained linear map of channels",
      paper = "Heo et al., 2019 (arXiv:1811.03233)")
  @Schema(name = "ActivationBoundaries", description = "Heo et al., 2019 (arXiv:1811.03233).")
  record ActivationBoundaries(
      @Schema(
              description = "Weight of the term",
              defaultValue = "1",
              minimum = "0",
              maximum = "1000000")
          @DecimalMin("0")
          @DecimalMax("1000000")
          Double weight,
      @Schema(
              description =
                  "Taps of the student, paired with the teacher's in their order; none for `auto`")
          @Size(max = 32)
          List<@NotNull @Size(min = 1, max = 512) String> students,
      @Schema(description = "Taps of the teacher; none for `auto`") @Size(max = 32)
          List<@NotNull @Size(min = 1, max = 512) String> teachers,
      @Schema(
              description = "How far beyond the boundary the student is pushed",
              defaultValue = "1",
              minimum = "0",
              exclusiveMinimum = true,
              maximum = "100")
          @DecimalMin(value = "0", inclusive = false)
          @DecimalMax("100")
          Double margin)
      implements OfMany {
    public ActivationBoundaries {
      weight = Defaults.or(weight, 1.0);
      students = Defaults.list(students, List.of());
      teachers = Defaults.list(teachers, List.of());
      margin = Defaults.or(margin, 1.0);
    }

    @Override
    public TermSpec withTaps(List<String> s, List<String> t) {
      return new ActivationBoundaries(weight, s, t, margin);
    }
  }

  /** Chen et al., 2021. */
  @Method(
      family = Family.FEATURE,
      taps = Taps.MAPS,
      formula =
          "sum over stages, deepest first, of the pooled squared distances (sides 1, 1/4, 1/2, 1/1 of the map) of the teacher's map and the trained fusion of the student's with those behind it",
      paper = "Chen et al., 2021 (arXiv:2104.09044)")
  @Schema(name = "Review", description = "Chen et al., 2021 (arXiv:2104.09044).")
  record Review(
      @Schema(
              description = "Weight of the term",
              defaultValue = "5",
              minimum = "0",
              maximum = "1000000")
          @DecimalMin("0")
          @DecimalMax("1000000")
          Double weight,
      @Schema(
              description =
                  "Taps of the student, paired with the teacher's in their order; none for `auto`")
          @Size(max = 32)
          List<@NotNull @Size(min = 1, max = 512) String> students,
      @Schema(description = "Taps of the teacher; none for `auto`") @Size(max = 32)
          List<@NotNull @Size(min = 1, max = 512) String> teachers,
      @Schema(
              description = "Epochs over which the weight rises linearly to its full size",
              defaultValue = "20",
              minimum = "0",
              maximum = "10000")
          @Min(0)
          @Max(10000)
          Integer warmupEpochs)
      implements OfMany {
    public Review {
      weight = Defaults.or(weight, 5.0);
      students = Defaults.list(students, List.of());
      teachers = Defaults.list(teachers, List.of());
      warmupEpochs = Defaults.or(warmupEpochs, 20);
    }

    @Override
    public TermSpec withTaps(List<String> s, List<String> t) {
      return new Review(weight, s, t, warmupEpochs);
    }

    @Override
    public int warmup() {
      return warmupEpochs;
    }
  }

  /** Park et al., 2019. */
  @Method(
      family = Family.RELATION,
      taps = Taps.FEATURES,
      minBatch = 2,
      formula =
          "mean over B^2 of huber(D_s / mean D_s - D_t / mean D_t), D: distances between rows",
      paper = "Park et al., 2019 (arXiv:1904.05068)")
  @Schema(name = "RkdDistance", description = "Park et al., 2019 (arXiv:1904.05068).")
  record RkdDistance(
      @Schema(
              description = "Weight of the term",
              defaultValue = "25",
              minimum = "0",
              maximum = "1000000")
          @DecimalMin("0")
          @DecimalMax("1000000")
          Double weight,
      @Schema(description = "Tap of the student, or `auto`", defaultValue = "auto")
          @Size(min = 1, max = 512)
          String student,
      @Schema(description = "Tap of the teacher, or `auto`", defaultValue = "auto")
          @Size(min = 1, max = 512)
          String teacher)
      implements OfOne {
    public RkdDistance {
      weight = Defaults.or(weight, 25.0);
      student = Defaults.or(student, AUTO);
      teacher = Defaults.or(teacher, AUTO);
    }

    @Override
    public TermSpec withTaps(List<String> s, List<String> t) {
      return new RkdDistance(weight, s.get(0), t.get(0));
    }
  }

  /** Park et al., 2019. */
  @Method(
      family = Family.RELATION,
      taps = Taps.FEATURES,
      minBatch = 3,
      formula =
          "mean over B^3 of huber(A_s - A_t), A_ijk: cosine of the angle at row i between j and k",
      paper = "Park et al., 2019 (arXiv:1904.05068)")
  @Schema(name = "RkdAngle", description = "Park et al., 2019 (arXiv:1904.05068).")
  record RkdAngle(
      @Schema(
              description = "Weight of the term",
              defaultValue = "50",
              minimum = "0",
              maximum = "1000000")
          @DecimalMin("0")
          @DecimalMax("1000000")
          Double weight,
      @Schema(description = "Tap of the student, or `auto`", defaultValue = "auto")
          @Size(min = 1, max = 512)
          String student,
      @Schema(description = "Tap of the teacher, or `auto`", defaultValue = "auto")
          @Size(min = 1, max = 512)
          String teacher)
      implements OfOne {
    public RkdAngle {
      weight = Defaults.or(weight, 50.0);
      student = Defaults.or(student, AUTO);
      teacher = Defaults.or(teacher, AUTO);
    }

    @Override
    public TermSpec withTaps(List<String> s, List<String> t) {
      return new RkdAngle(weight, s.get(0), t.get(0));
    }
  }

  /** Tung and Mori, 2019. */
  @Method(
      family = Family.RELATION,
      taps = Taps.FEATURES,
      minBatch = 2,
      formula = "sum (N(F_s F_s^T) - N(F_t F_t^T))^2 / B^2, N: each row to length 1",
      paper = "Tung and Mori, 2019 (arXiv:1907.09682)")
  @Schema(name = "Similarity", description = "Tung and Mori, 2019 (arXiv:1907.09682).")
  record Similarity(
      @Schema(
              description = "Weight of the term",
              defaultValue = "3000",
              minimum = "0",
              maximum = "1000000")
          @DecimalMin("0")
          @DecimalMax("1000000")
          Double weight,
      @Schema(description = "Tap of the student, or `auto`", defaultValue = "auto")
          @Size(min = 1, max = 512)
          String student,
      @Schema(description = "Tap of the teacher, or `auto`", defaultValue = "auto")
          @Size(min = 1, max = 512)
          String teacher)
      implements OfOne {
    public Similarity {
      weight = Defaults.or(weight, 3000.0);
      student = Defaults.or(student, AUTO);
      teacher = Defaults.or(teacher, AUTO);
    }

    @Override
    public TermSpec withTaps(List<String> s, List<String> t) {
      return new Similarity(weight, s.get(0), t.get(0));
    }
  }

  /** Passalis and Tefas, 2018. */
  @Method(
      family = Family.RELATION,
      taps = Taps.FEATURES,
      minBatch = 2,
      formula =
          "mean over B^2 of P_t log((P_t + e) / (P_s + e)), P: rows of (cos + 1) / 2 brought to sum 1, e = 1e-7",
      paper = "Passalis and Tefas, 2018 (arXiv:1803.10837)")
  @Schema(name = "Pkt", description = "Passalis and Tefas, 2018 (arXiv:1803.10837).")
  record Pkt(
      @Schema(
              description = "Weight of the term",
              defaultValue = "30000",
              minimum = "0",
              maximum = "1000000")
          @DecimalMin("0")
          @DecimalMax("1000000")
          Double weight,
      @Schema(description = "Tap of the student, or `auto`", defaultValue = "auto")
          @Size(min = 1, max = 512)
          String student,
      @Schema(description = "Tap of the teacher, or `auto`", defaultValue = "auto")
          @Size(min = 1, max = 512)
          String teacher)
      implements OfOne {
    public Pkt {
      weight = Defaults.or(weight, 30000.0);
      student = Defaults.or(student, AUTO);
      teacher = Defaults.or(teacher, AUTO);
    }

    @Override
    public TermSpec withTaps(List<String> s, List<String> t) {
      return new Pkt(weight, s.get(0), t.get(0));
    }
  }

  /** Peng et al., 2019. */
  @Method(
      family = Family.RELATION,
      taps = Taps.FEATURES,
      minBatch = 2,
      formula =
          "mean over neighbouring rows of sum |e_i| |e_(i+1)|, e: difference of the trained embeddings",
      paper = "Peng et al., 2019 (arXiv:1904.01802), as coded in RepDistiller")
  @Schema(
      name = "Correlation",
      description = "Peng et al., 2019 (arXiv:1904.01802), as coded in RepDistiller.")
  record Correlation(
      @Schema(
              description = "Weight of the term",
              defaultValue = "0.02",
              minimum = "0",
              maximum = "1000000")
          @DecimalMin("0")
          @DecimalMax("1000000")
          Double weight,
      @Schema(description = "Tap of the student, or `auto`", defaultValue = "auto")
          @Size(min = 1, max = 512)
          String student,
      @Schema(description = "Tap of the teacher, or `auto`", defaultValue = "auto")
          @Size(min = 1, max = 512)
          String teacher,
      @Schema(
              description = "Numbers of the trained embeddings",
              defaultValue = "128",
              minimum = "1",
              maximum = "4096")
          @Min(1)
          @Max(4096)
          Integer width)
      implements OfOne {
    public Correlation {
      weight = Defaults.or(weight, 0.02);
      student = Defaults.or(student, AUTO);
      teacher = Defaults.or(teacher, AUTO);
      width = Defaults.or(width, 128);
    }

    @Override
    public TermSpec withTaps(List<String> s, List<String> t) {
      return new Correlation(weight, s.get(0), t.get(0), width);
    }
  }
}
