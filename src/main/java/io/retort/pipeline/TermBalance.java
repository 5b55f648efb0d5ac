package io.retort.pipeline;

import io.retort.training.EpochMetrics;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Map;

/** Warns once in a training where one part of the objective drowns another. */
final class TermBalance {

  private static final double FAR_APART = 100;
  private static final String GRADIENT = "gradient.";

  private final String role;
  private final PipelineContext context;
  private boolean warned;

  TermBalance(String role, PipelineContext context) {
    this.role = role;
    this.context = context;
  }

  void look(EpochMetrics metrics) {
    List<Map.Entry<String, Double>> gradients =
        metrics.terms().entrySet().stream()
            .filter(figure -> figure.getKey().startsWith(GRADIENT))
            .filter(figure -> figure.getValue() > 0) // what is at its goal is not drowned
            .toList();
    if (warned || gradients.size() < 2) {
      return;
    }
    Comparator<Map.Entry<String, Double>> byLength = Map.Entry.comparingByValue();
    Map.Entry<String, Double> longest = Collections.max(gradients, byLength);
    Map.Entry<String, Double> shortest = Collections.min(gradients, byLength);
    if (longest.getValue() > FAR_APART * shortest.getValue()) {
      warned = true;
      context.event(
          PipelineContext.Level.WARNING,
          "In epoch %d the gradient of `%s` was %.3g long and that of `%s` %.3g: the one leaves the other little say; consider their weights."
              .formatted(
                  metrics.epoch(),
                  longest.getKey().substring(GRADIENT.length()),
                  longest.getValue(),
                  shortest.getKey().substring(GRADIENT.length()),
                  shortest.getValue()),
          Map.of("training", role, "gradients", Map.copyOf(metrics.terms())));
    }
  }
}
