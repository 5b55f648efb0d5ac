package io.retort.quickstart;

import java.util.Locale;
import tools.jackson.databind.JsonNode;

/** A report as a small table for the terminal. */
final class ComparisonTable {

  private ComparisonTable() {}

  /**
   * @param report as {@code GET /v1/jobs/{id}/report} answers it
   */
  static String of(JsonNode report) {
    StringBuilder table = new StringBuilder();
    table.append(
        "  %-8s %9s %10s %11s %10s%n".formatted("", "accuracy", "agreement", "parameters", "size"));
    for (String role : new String[] {"teacher", "student", "twin"}) {
      JsonNode model = report.path(role);
      if (model.isObject()) {
        table.append(
            "  %-8s %9s %10s %11s %10s%n"
                .formatted(
                    role,
                    percent(model.path("accuracy")),
                    percent(model.path("agreement")),
                    String.format(Locale.ROOT, "%,d", model.path("parameters").asLong(0)),
                    kilobytes(model.path("bytes").asLong(0))));
      }
    }
    if (!report.path("verdict").isNull() && report.path("verdict").isString()) {
      table.append(verdict(report));
    }
    return table.toString();
  }

  private static String verdict(JsonNode report) {
    String meaning =
        switch (report.path("verdict").asString("")) {
          case "better" -> "distillation helped";
          case "worse" -> "distillation did harm";
          default -> "the difference may be chance";
        };
    return String.format(
        Locale.ROOT,
        "%n  Verdict: %s (p = %.3g against the twin on %,d test rows): %s.%n",
        report.path("verdict").asString(""),
        report.path("pValue").asDouble(1),
        report.path("test").path("rows").asLong(0),
        meaning);
  }

  private static String percent(JsonNode share) {
    return share.isNumber() ? String.format(Locale.ROOT, "%.1f %%", 100 * share.asDouble()) : "-";
  }

  private static String kilobytes(long bytes) {
    return String.format(Locale.ROOT, "%.1f kB", bytes / 1000.0);
  }
}
