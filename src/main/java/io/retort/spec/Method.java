package io.retort.spec;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/** What a term of the objective says of itself: everything that is not a parameter. */
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.TYPE)
public @interface Method {

  Family family();

  /** The loss of a batch before its weight; s is the student's, t the teacher's. */
  String formula();

  /** Where it was published. */
  String paper();

  Taps taps();

  /** Fewest rows of a batch for which it says anything. */
  int minBatch() default 1;

  /** Whether it prepares a student before the training proper, in a stage of its own. */
  boolean initialStage() default false;

  /** What of the teacher it looks at. */
  enum Family {
    @JsonProperty("response")
    RESPONSE,
    @JsonProperty("feature")
    FEATURE,
    @JsonProperty("relation")
    RELATION
  }

  /** Which tensors it reads; {@code auto} picks them. */
  enum Taps {
    /** Only the logits: nothing to choose. */
    @JsonProperty("logits")
    LOGITS,
    /** One pair; by default both penultimate features. */
    @JsonProperty("features")
    FEATURES,
    /** One pair of maps; by default the last stages of equal resolution. */
    @JsonProperty("map")
    MAP,
    /** Pairs of maps; by default every two stages of equal resolution. */
    @JsonProperty("maps")
    MAPS,
    /** Pairs of maps or, where there are none, the penultimate features. */
    @JsonProperty("mapsOrFeatures")
    MAPS_OR_FEATURES,
    /** Pairs of tensors before their activation, of maps or else of hidden layers. */
    @JsonProperty("preactivations")
    PREACTIVATIONS
  }
}
