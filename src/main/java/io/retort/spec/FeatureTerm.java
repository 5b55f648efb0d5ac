package io.retort.spec;

import io.retort.spec.Method.Family;
import io.retort.spec.Method.Taps;
import io.retort.spec.TermFields.StudentTap;
import io.retort.spec.TermFields.StudentTaps;
import io.retort.spec.TermFields.TapName;
import io.retort.spec.TermFields.TeacherTap;
import io.retort.spec.TermFields.TeacherTaps;
import io.retort.spec.TermFields.WarmupEpochs;
import io.retort.spec.TermFields.Weight;
import io.swagger.v3.oas.annotations.media.Schema;
import jakarta.validation.constraints.DecimalMax;
import jakarta.validation.constraints.DecimalMin;
import java.util.List;

/** Terms that compare what is in between the layers of student and teacher. */
public sealed interface FeatureTerm extends TermSpec {

  /** Romero et al., 2015. */
  @Method(
      family = Family.FEATURE,
      taps = Taps.FEATURES,
      initialStage = true,
      formula =
          "mean (r(s) - t)^2; r: a trained 1x1 convolution, batch normalisation and ReLU, or a linear layer for rows, where widths differ",
      paper = "Romero et al., 2015 (arXiv:1412.6550)")
  @Schema(name = "Hint", description = "Romero et al., 2015 (arXiv:1412.6550).")
  record Hint(@Weight Double weight, @StudentTap String student, @TeacherTap String teacher)
      implements FeatureTerm, OfOne {
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
      @Weight Double weight,
      @StudentTaps List<@TapName String> students,
      @TeacherTaps List<@TapName String> teachers)
      implements FeatureTerm, OfMany {
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
      @Weight Double weight,
      @StudentTaps List<@TapName String> students,
      @TeacherTaps List<@TapName String> teachers)
      implements FeatureTerm, OfMany {
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
      @Weight Double weight,
      @StudentTaps List<@TapName String> students,
      @TeacherTaps List<@TapName String> teachers)
      implements FeatureTerm, OfMany {
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
      @Weight Double weight,
      @StudentTap String student,
      @TeacherTap String teacher,
      @Schema(description = "Channels of the factors, as a share of the teacher's")
          @DecimalMin(value = "0", inclusive = false)
          @DecimalMax("4")
          Double rate)
      implements FeatureTerm, OfOne {
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
      @Weight Double weight,
      @StudentTaps List<@TapName String> students,
      @TeacherTaps List<@TapName String> teachers)
      implements FeatureTerm, OfMany {
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
      @Weight Double weight,
      @StudentTaps List<@TapName String> students,
      @TeacherTaps List<@TapName String> teachers,
      @Schema(description = "How far beyond the boundary the student is pushed")
          @DecimalMin(value = "0", inclusive = false)
          @DecimalMax("100")
          Double margin)
      implements FeatureTerm, OfMany {
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
      @Weight Double weight,
      @StudentTaps List<@TapName String> students,
      @TeacherTaps List<@TapName String> teachers,
      @WarmupEpochs Integer warmupEpochs)
      implements FeatureTerm, OfMany {
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
}
