package io.retort.spec;

import io.retort.spec.Method.Family;
import io.retort.spec.Method.Taps;
import io.retort.spec.TermFields.StudentTap;
import io.retort.spec.TermFields.TeacherTap;
import io.retort.spec.TermFields.Weight;
import io.swagger.v3.oas.annotations.media.Schema;
import jakarta.validation.constraints.DecimalMax;
import jakarta.validation.constraints.DecimalMin;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Terms that compare how the rows of a batch lie to each other. */
public sealed interface RelationTerm extends TermSpec {

  /** Park et al., 2019. */
  @Method(
      family = Family.RELATION,
      taps = Taps.FEATURES,
      minBatch = 2,
      formula =
          "mean over B^2 of huber(D_s / mean D_s - D_t / mean D_t), D: distances between rows",
      paper = "Park et al., 2019 (arXiv:1904.05068)")
  @Schema(name = "RkdDistance", description = "Park et al., 2019 (arXiv:1904.05068).")
  record RkdDistance(@Weight Double weight, @StudentTap String student, @TeacherTap String teacher)
      implements RelationTerm, OfOne {
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
  record RkdAngle(@Weight Double weight, @StudentTap String student, @TeacherTap String teacher)
      implements RelationTerm, OfOne {
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
  record Similarity(@Weight Double weight, @StudentTap String student, @TeacherTap String teacher)
      implements RelationTerm, OfOne {
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
  record Pkt(@Weight Double weight, @StudentTap String student, @TeacherTap String teacher)
      implements RelationTerm, OfOne {
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
      @Weight Double weight,
      @StudentTap String student,
      @TeacherTap String teacher,
      @Schema(description = "Numbers of the trained embeddings") @Min(1) @Max(4096) Integer width)
      implements RelationTerm, OfOne {
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

  /** Tian, Krishnan and Isola, 2020. */
  @Method(
      family = Family.RELATION,
      taps = Taps.FEATURES,
      formula =
          "of both sides, -(sum log x / (x + c) + sum over K rows of other classes of log (K / n) / (x + c)) / B, x = exp(<m, v> / temperature) / Z, c = K / n + 1e-7; v: trained embeddings of length 1, m: what the other side is remembered to have given, n: rows, Z: n times the mean over the first batch",
      paper = "Tian, Krishnan and Isola, 2020 (arXiv:1910.10699)")
  @Schema(name = "Contrast", description = "Tian, Krishnan and Isola, 2020 (arXiv:1910.10699).")
  record Contrast(
      @Weight Double weight,
      @StudentTap String student,
      @TeacherTap String teacher,
      @Schema(
              description =
                  "Rows of other classes that each row is compared with; drawn again where there are fewer. Left out: 16384, or as many as every row has")
          @Min(1)
          @Max(65536)
          @Nullable Integer negatives,
      @Schema(description = "Temperature of the comparison") @DecimalMin("0.02") @DecimalMax("100")
          Double temperature,
      @Schema(description = "How much of what is remembered of a row stays when it is seen again")
          @DecimalMin("0")
          @DecimalMax("1")
          Double momentum,
      @Schema(
              description =
                  "Numbers of the trained embeddings; memory takes 8 bytes of each for every row")
          @Min(1)
          @Max(1024)
          Integer width)
      implements RelationTerm, OfOne {

    /** Published; used where there are so many. */
    private static final int NEGATIVES = 16384;

    public Contrast {
      weight = Defaults.or(weight, 0.8);
      student = Defaults.or(student, AUTO);
      teacher = Defaults.or(teacher, AUTO);
      temperature = Defaults.or(temperature, 0.07);
      momentum = Defaults.or(momentum, 0.5);
      width = Defaults.or(width, 128);
    }

    @Override
    public TermSpec withTaps(List<String> s, List<String> t) {
      return new Contrast(weight, s.get(0), t.get(0), negatives, temperature, momentum, width);
    }

    /**
     * The same with the number of negatives known.
     *
     * @param others rows of other classes that every row has at least
     */
    public Contrast among(int others) {
      int known = negatives == null ? Math.max(1, Math.min(NEGATIVES, others)) : negatives;
      return new Contrast(weight, student, teacher, known, temperature, momentum, width);
    }
  }
}
