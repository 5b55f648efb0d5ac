package io.retort.model;

import io.retort.spec.Architecture;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Everything about a network but its parameters.
 *
 * @param inputShape shape of one row, channels first, e.g. {@code [40]} or {@code [1, 28, 28]}
 * @param classes class names in the order of the logits; at least two
 * @param scaling applied to raw features inside the network; null for none
 */
public record ModelDefinition(
    Architecture architecture,
    List<Integer> inputShape,
    List<String> classes,
    @Nullable FeatureScaling scaling) {

  public ModelDefinition {
    inputShape = List.copyOf(inputShape);
    classes = List.copyOf(classes);
  }

  /** Features of a row. */
  public int columns() {
    return inputShape.stream().reduce(1, Math::multiplyExact);
  }
}
