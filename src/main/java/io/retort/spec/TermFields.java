package io.retort.spec;

import static java.lang.annotation.ElementType.FIELD;
import static java.lang.annotation.ElementType.METHOD;
import static java.lang.annotation.ElementType.PARAMETER;
import static java.lang.annotation.ElementType.RECORD_COMPONENT;
import static java.lang.annotation.ElementType.TYPE_USE;

import com.fasterxml.jackson.annotation.JacksonAnnotationsInside;
import io.swagger.v3.oas.annotations.media.Schema;
import jakarta.validation.Constraint;
import jakarta.validation.Payload;
import jakarta.validation.constraints.DecimalMax;
import jakarta.validation.constraints.DecimalMin;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Size;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/** Fields that many methods have, with their bounds; their defaults are each method's own. */
final class TermFields {

  private TermFields() {}

  /** Any factor of a loss. */
  @Schema(description = "Weight of the term")
  @DecimalMin("0")
  @DecimalMax("1000000")
  @Constraint(validatedBy = {})
  @JacksonAnnotationsInside
  @Retention(RetentionPolicy.RUNTIME)
  @Target({RECORD_COMPONENT, FIELD, METHOD, PARAMETER})
  @interface Weight {
    String message() default "";

    Class<?>[] groups() default {};

    Class<? extends Payload>[] payload() default {};
  }

  /** A temperature of softened outputs. */
  @Schema(description = "Temperature")
  @DecimalMin(value = "0", inclusive = false)
  @DecimalMax("1000")
  @Constraint(validatedBy = {})
  @JacksonAnnotationsInside
  @Retention(RetentionPolicy.RUNTIME)
  @Target({RECORD_COMPONENT, FIELD, METHOD, PARAMETER})
  @interface Temperature {
    String message() default "";

    Class<?>[] groups() default {};

    Class<? extends Payload>[] payload() default {};
  }

  /** See {@link TermSpec#warmup}. */
  @Schema(description = "Epochs over which the weight rises linearly to its full size")
  @Min(0)
  @Max(10000)
  @Constraint(validatedBy = {})
  @JacksonAnnotationsInside
  @Retention(RetentionPolicy.RUNTIME)
  @Target({RECORD_COMPONENT, FIELD, METHOD, PARAMETER})
  @interface WarmupEpochs {
    String message() default "";

    Class<?>[] groups() default {};

    Class<? extends Payload>[] payload() default {};
  }

  /** The one tensor of the student that a term reads. */
  @Schema(description = "Tap of the student, or `auto`")
  @Size(min = 1, max = 512)
  @Constraint(validatedBy = {})
  @JacksonAnnotationsInside
  @Retention(RetentionPolicy.RUNTIME)
  @Target({RECORD_COMPONENT, FIELD, METHOD, PARAMETER})
  @interface StudentTap {
    String message() default "";

    Class<?>[] groups() default {};

    Class<? extends Payload>[] payload() default {};
  }

  /** The one tensor of the teacher that a term reads. */
  @Schema(description = "Tap of the teacher, or `auto`")
  @Size(min = 1, max = 512)
  @Constraint(validatedBy = {})
  @JacksonAnnotationsInside
  @Retention(RetentionPolicy.RUNTIME)
  @Target({RECORD_COMPONENT, FIELD, METHOD, PARAMETER})
  @interface TeacherTap {
    String message() default "";

    Class<?>[] groups() default {};

    Class<? extends Payload>[] payload() default {};
  }

  /** The tensors of the student that a term reads. */
  @Schema(
      description =
          "Taps of the student, paired with the teacher's in their order; none for `auto`")
  @Size(max = 32)
  @Constraint(validatedBy = {})
  @JacksonAnnotationsInside
  @Retention(RetentionPolicy.RUNTIME)
  @Target({RECORD_COMPONENT, FIELD, METHOD, PARAMETER})
  @interface StudentTaps {
    String message() default "";

    Class<?>[] groups() default {};

    Class<? extends Payload>[] payload() default {};
  }

  /** The tensors of the teacher that a term reads. */
  @Schema(description = "Taps of the teacher; none for `auto`")
  @Size(max = 32)
  @Constraint(validatedBy = {})
  @JacksonAnnotationsInside
  @Retention(RetentionPolicy.RUNTIME)
  @Target({RECORD_COMPONENT, FIELD, METHOD, PARAMETER})
  @interface TeacherTaps {
    String message() default "";

    Class<?>[] groups() default {};

    Class<? extends Payload>[] payload() default {};
  }

  /** One of several taps. */
  @NotNull
  @Size(min = 1, max = 512)
  @Constraint(validatedBy = {})
  @Retention(RetentionPolicy.RUNTIME)
  @Target(TYPE_USE)
  @interface TapName {
    String message() default "";

    Class<?>[] groups() default {};

    Class<? extends Payload>[] payload() default {};
  }
}
