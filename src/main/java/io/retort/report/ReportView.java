package io.retort.report;

import io.swagger.v3.oas.annotations.media.Schema;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The shape of a report, for the API description; the report itself is what the job wrote. */
@Schema(name = "Report", description = "Student, twin and teacher side by side.")
record ReportView(
    @Schema(
            description = "What the numbers say; null without a twin",
            allowableValues = {"better", "worse", "inconclusive"})
        @Nullable String verdict,
    @Schema(description = "McNemar's test of student against twin; null without a twin")
        @Nullable Double pValue,
    Test test,
    @Nullable Measured student,
    @Nullable Measured twin,
    @Nullable Measured teacher) {

  @Schema(name = "ReportTest", description = "The rows on which all were measured.")
  record Test(int rows, List<String> classes) {}

  @Schema(name = "Measured", description = "One model's figures; null where one does not apply.")
  record Measured(
      @Nullable Double accuracy,
      @Nullable Double top5Accuracy,
      @Nullable Double nll,
      @Schema(description = "Expected calibration error, 15 bins") @Nullable Double ece,
      List<ClassAccuracy> perClass,
      @Schema(description = "Rows: true class; columns: predicted class")
          List<List<Integer>> confusion,
      @Schema(description = "Share of rows on which it agrees with the teacher")
          @Nullable Double agreement,
      @Schema(description = "Mean KL divergence from the teacher") @Nullable Double meanKl,
      @Nullable Long parameters,
      @Nullable Long bytes,
      @Nullable Long multiplyAdds,
      @Nullable Latency latencyMs,
      @Nullable Double trainSeconds) {}

  @Schema(name = "ClassAccuracy")
  record ClassAccuracy(String label, double accuracy, int rows) {}

  @Schema(name = "Latency", description = "Of a single row, in milliseconds.")
  record Latency(double p50, double p95) {}

  static final String EXAMPLE =
      """
      {"verdict": "better", "pValue": 0.004, "test": {"rows": 1000, "classes": ["0", "1"]},
       "student": {"accuracy": 0.71, "parameters": 15210},
       "twin": {"accuracy": 0.66, "parameters": 15210},
       "teacher": {"accuracy": 0.92, "parameters": 6100}}
      """;
}
