package io.retort.spec;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import io.retort.spec.Method.Taps;
import io.swagger.v3.oas.annotations.media.DiscriminatorMapping;
import io.swagger.v3.oas.annotations.media.Schema;
import java.util.Arrays;
import java.util.List;

/**
 * One weighted term of the objective: a method of distillation with its parameters. Default weights
 * are the published ones. What a method is stands in its {@link Method}; the two together are what
 * {@link Methods} lists.
 */
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "type")
@JsonSubTypes({
  @JsonSubTypes.Type(value = ResponseTerm.Kl.class, name = "kl"),
  @JsonSubTypes.Type(value = ResponseTerm.Mse.class, name = "mse"),
  @JsonSubTypes.Type(value = ResponseTerm.JensenShannon.class, name = "jensen-shannon"),
  @JsonSubTypes.Type(value = ResponseTerm.Dkd.class, name = "dkd"),
  @JsonSubTypes.Type(value = ResponseTerm.Dist.class, name = "dist"),
  @JsonSubTypes.Type(value = FeatureTerm.Hint.class, name = "hint"),
  @JsonSubTypes.Type(value = FeatureTerm.AttentionTransfer.class, name = "attention-transfer"),
  @JsonSubTypes.Type(value = FeatureTerm.NeuronSelectivity.class, name = "neuron-selectivity"),
  @JsonSubTypes.Type(
      value = FeatureTerm.VariationalInformation.class,
      name = "variational-information"),
  @JsonSubTypes.Type(value = FeatureTerm.FactorTransfer.class, name = "factor-transfer"),
  @JsonSubTypes.Type(value = FeatureTerm.Flow.class, name = "flow"),
  @JsonSubTypes.Type(
      value = FeatureTerm.ActivationBoundaries.class,
      name = "activation-boundaries"),
  @JsonSubTypes.Type(value = FeatureTerm.Review.class, name = "review"),
  @JsonSubTypes.Type(value = RelationTerm.RkdDistance.class, name = "rkd-distance"),
  @JsonSubTypes.Type(value = RelationTerm.RkdAngle.class, name = "rkd-angle"),
  @JsonSubTypes.Type(value = RelationTerm.Similarity.class, name = "similarity"),
  @JsonSubTypes.Type(value = RelationTerm.Pkt.class, name = "pkt"),
  @JsonSubTypes.Type(value = RelationTerm.Correlation.class, name = "correlation"),
  @JsonSubTypes.Type(value = RelationTerm.Contrast.class, name = "crd")
})
@Schema(
    description =
        "A weighted method of distillation, told apart by `type`; `GET /v1/methods` explains each.",
    discriminatorProperty = "type",
    discriminatorMapping = {
      @DiscriminatorMapping(value = "kl", schema = ResponseTerm.Kl.class),
      @DiscriminatorMapping(value = "mse", schema = ResponseTerm.Mse.class),
      @DiscriminatorMapping(value = "jensen-shannon", schema = ResponseTerm.JensenShannon.class),
      @DiscriminatorMapping(value = "dkd", schema = ResponseTerm.Dkd.class),
      @DiscriminatorMapping(value = "dist", schema = ResponseTerm.Dist.class),
      @DiscriminatorMapping(value = "hint", schema = FeatureTerm.Hint.class),
      @DiscriminatorMapping(
          value = "attention-transfer",
          schema = FeatureTerm.AttentionTransfer.class),
      @DiscriminatorMapping(
          value = "neuron-selectivity",
          schema = FeatureTerm.NeuronSelectivity.class),
      @DiscriminatorMapping(
          value = "variational-information",
          schema = FeatureTerm.VariationalInformation.class),
      @DiscriminatorMapping(value = "factor-transfer", schema = FeatureTerm.FactorTransfer.class),
      @DiscriminatorMapping(value = "flow", schema = FeatureTerm.Flow.class),
      @DiscriminatorMapping(
          value = "activation-boundaries",
          schema = FeatureTerm.ActivationBoundaries.class),
      @DiscriminatorMapping(value = "review", schema = FeatureTerm.Review.class),
      @DiscriminatorMapping(value = "rkd-distance", schema = RelationTerm.RkdDistance.class),
      @DiscriminatorMapping(value = "rkd-angle", schema = RelationTerm.RkdAngle.class),
      @DiscriminatorMapping(value = "similarity", schema = RelationTerm.Similarity.class),
      @DiscriminatorMapping(value = "pkt", schema = RelationTerm.Pkt.class),
      @DiscriminatorMapping(value = "correlation", schema = RelationTerm.Correlation.class),
      @DiscriminatorMapping(value = "crd", schema = RelationTerm.Contrast.class)
    },
    oneOf = {
      ResponseTerm.Kl.class,
      ResponseTerm.Mse.class,
      ResponseTerm.JensenShannon.class,
      ResponseTerm.Dkd.class,
      ResponseTerm.Dist.class,
      FeatureTerm.Hint.class,
      FeatureTerm.AttentionTransfer.class,
      FeatureTerm.NeuronSelectivity.class,
      FeatureTerm.VariationalInformation.class,
      FeatureTerm.FactorTransfer.class,
      FeatureTerm.Flow.class,
      FeatureTerm.ActivationBoundaries.class,
      FeatureTerm.Review.class,
      RelationTerm.RkdDistance.class,
      RelationTerm.RkdAngle.class,
      RelationTerm.Similarity.class,
      RelationTerm.Pkt.class,
      RelationTerm.Correlation.class,
      RelationTerm.Contrast.class
    })
public sealed interface TermSpec
    permits ResponseTerm, FeatureTerm, RelationTerm, TermSpec.OfOne, TermSpec.OfMany {

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
  non-sealed interface OfOne extends TermSpec {
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
  non-sealed interface OfMany extends TermSpec {
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
}
