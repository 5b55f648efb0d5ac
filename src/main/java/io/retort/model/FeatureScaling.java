package io.retort.model;

import java.util.List;

/**
 * Standardisation of raw features: {@code (x - mean) / deviation}, per column. Lists rather than
 * arrays so that two models can be compared.
 *
 * @param mean of the training part, one a column
 * @param deviation population deviation of the training part, one a column; 1 where a column is
 *     constant
 */
public record FeatureScaling(List<Float> mean, List<Float> deviation) {

  public FeatureScaling {
    mean = List.copyOf(mean);
    deviation = List.copyOf(deviation);
    if (mean.size() != deviation.size()) {
      throw new IllegalArgumentException(
          "mean has " + mean.size() + " columns, deviation " + deviation.size());
    }
  }
}
