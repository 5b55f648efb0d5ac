package io.retort.training;

import io.retort.spec.ObjectiveSpec;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Says which part of an objective drives a training. */
final class TermDiagnosis {

  /** Names of the two parts that every objective may have. */
  static final String DISTILLATION = "distillation";

  static final String STUDENT = "student";

  private final ObjectiveSpec objective;
  private final List<String> names;

  TermDiagnosis(ObjectiveSpec objective) {
    this.objective = objective;
    this.names = objective.termNames();
  }

  /** The figures of {@link EpochMetrics#terms}; none where there are no further terms. */
  Map<String, Double> figures(LossMeans means, int epoch, Map<String, Double> gradients) {
    Map<String, Double> figures = new LinkedHashMap<>();
    for (int i = 0; i < names.size(); i++) {
      double weighted = WarmUp.weight(objective.terms().get(i), epoch) * means.term(i);
      figures.put("term." + names.get(i) + ".loss", means.term(i));
      figures.put("term." + names.get(i) + ".share", share(weighted, means.total()));
    }
    for (String part : parts()) {
      Double length = gradients.get(part);
      if (length != null) {
        figures.put("gradient." + part, length);
      }
    }
    return figures;
  }

  private List<String> parts() {
    List<String> parts = new ArrayList<>(List.of(DISTILLATION, STUDENT));
    parts.addAll(names);
    return parts;
  }

  private static double share(double part, double total) {
    return total == 0 ? 0 : part / total;
  }
}
