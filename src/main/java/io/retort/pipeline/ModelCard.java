package io.retort.pipeline;

import io.retort.evaluation.Verdict;
import io.retort.pipeline.Report.ModelFigures;
import io.retort.spec.Architecture;
import io.retort.spec.JobSpec;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** A student's README: what it is, how it was made, how good it is, and how to run it. */
final class ModelCard {

  private static final int MANY = 20;

  private ModelCard() {}

  /**
   * @param result of a {@code distill} job
   */
  static String of(JobResult result) {
    return String.join(
        "\n",
        what(result),
        figures(result.report()),
        verdict(result.report()),
        int8(result.report().int8()),
        made(result),
        LIMITS,
        usage(result.dataset().info().features().size()));
  }

  private static String what(JobResult result) {
    JobSpec spec = result.resolved();
    ModelFigures student = Objects.requireNonNull(result.report().student());
    List<String> classes = result.dataset().info().classes();
    Architecture architecture = Objects.requireNonNull(spec.student()).architecture();
    String network =
        architecture == null
            ? "A student of the registry that was trained on"
            : "A network of type `%s`".formatted(type(architecture));
    return """
        # %s

        %s with %,d parameters and %,d multiply-adds a row. It reads rows of %,d raw features (shape %s) and tells %,d classes apart: %s.

        Licence: %s
        """
        .formatted(
            spec.name() == null ? "Student" : plain(spec.name()),
            network,
            student.parameters(),
            student.multiplyAdds(),
            result.dataset().info().features().size(),
            result.dataset().info().shape(),
            classes.size(),
            plain(
                String.join(", ", classes.subList(0, Math.min(MANY, classes.size())))
                    + (classes.size() > MANY ? " ..." : "")),
            spec.export().licence());
  }

  private static String type(Architecture architecture) {
    return architecture.getClass().getSimpleName().toLowerCase(Locale.ROOT);
  }

  private static String figures(Report report) {
    StringBuilder table =
        new StringBuilder(
            """
            ## Figures

            On %,d rows that nothing was learned or chosen from:

            | | accuracy | log-likelihood (negative) | calibration error | agreement with the teacher | parameters | bytes | one row, ms (median) |
            |---|---|---|---|---|---|---|---|
            """
                .formatted(report.test().rows()));
    row(table, "student", report.student());
    row(table, "twin, trained without the teacher", report.twin());
    row(table, "teacher", report.teacher());
    return table.toString();
  }

  private static void row(StringBuilder table, String name, @Nullable ModelFigures f) {
    if (f != null) {
      table.append(
          "| %s | %.4f | %.4f | %.4f | %s | %s | %s | %s |\n"
              .formatted(
                  name,
                  f.accuracy(),
                  f.nll(),
                  f.ece(),
                  f.agreement() == null ? "" : "%.4f".formatted(f.agreement()),
                  f.parameters() == null ? "" : "%,d".formatted(f.parameters()),
                  f.bytes() == null ? "" : "%,d".formatted(f.bytes()),
                  f.latencyMs() == null ? "" : "%.4f".formatted(f.latencyMs().p50())));
    }
  }

  private static String verdict(Report report) {
    Verdict verdict = report.verdict();
    if (verdict == null) {
      return "There is no twin to compare with, so nobody knows whether the teacher helped.\n";
    }
    String said =
        switch (verdict) {
          case BETTER -> "The student is better than its twin";
          case WORSE -> "The student is worse than its twin";
          case INCONCLUSIVE -> "Student and twin cannot be told apart";
        };
    return "%s (McNemar's exact test, p = %.4g).\n".formatted(said, report.pValue());
  }

  /** Nothing where no int8 file was asked for. */
  private static String int8(@Nullable Int8Comparison files) {
    if (files == null) {
      return "";
    }
    return """
        ## Files

        Both run in ONNX Runtime, on the same rows:

        | | accuracy | log-likelihood (negative) | calibration error | bytes | one row, ms (median, 95 %%) |
        |---|---|---|---|---|---|
        %s%s
        The two predict the same on %.2f %% of the rows. `student-int8.onnx` has weights and activations of 8 bits; the ranges of its activations are those of %,d training rows, so rows far from these are cut off. It is used in `student.onnx`'s place: inputs, outputs and metadata are the same.
        """
        .formatted(
            row("student.onnx", files.float32()),
            row("student-int8.onnx", files.quantized()),
            100 * files.agreement(),
            files.calibrationRows());
  }

  private static String row(String name, Int8Comparison.FileFigures f) {
    return "| `%s` | %.4f | %.4f | %.4f | %,d | %.4f, %.4f |\n"
        .formatted(
            name,
            f.accuracy(),
            f.nll(),
            f.ece(),
            f.bytes(),
            f.latencyMs().p50(),
            f.latencyMs().p95());
  }

  private static String made(JobResult result) {
    JobSpec spec = result.resolved();
    JobResult.OnnxFacts onnx = Objects.requireNonNull(result.onnx());
    return """
        ## How it was made

        - Loss: `%s`
        - Data: %,d rows to train on, %,d to validate, %,d to test; fingerprint `%s`
        - Training: %d epochs at most, batches of %d, seed %d; the best epoch on the validation part was kept
        - `student.onnx`: opset %d, checked in ONNX Runtime %s on the whole test part; no logit differs by more than %.2g from the network that was trained
        - Made by Retort %s; `result.json` has every figure and setting
        """
        .formatted(
            result.formula(),
            result.dataset().train(),
            result.dataset().validation(),
            result.dataset().test(),
            result.dataset().info().fingerprint(),
            spec.training().epochCount(),
            spec.training().batchSize(),
            spec.training().seed(),
            onnx.opset(),
            onnx.runtime(),
            onnx.maxLogitDifference(),
            result.provenance().retort());
  }

  private static final String LIMITS =
      """
      ## Limits

      The figures hold for rows like those of the test part. The student takes over its teacher's mistakes and preferences along with what it knows, and says nothing of classes that it was not shown. Probabilities are no surer than the calibration error says.
      """;

  private static String usage(int features) {
    return """
        ## How to run it

        Raw features go in, in the order of the dataset's columns; scaling is part of the file.

        ```python
        import json
        import numpy as np
        import onnxruntime

        session = onnxruntime.InferenceSession("student.onnx")
        classes = json.loads(session.get_modelmeta().custom_metadata_map["retort.classes"])
        rows = np.zeros((2, %1$d), dtype=np.float32)
        logits, probabilities = session.run(["logits", "probabilities"], {"features": rows})
        print([classes[i] for i in probabilities.argmax(axis=1)])
        ```

        ```java
        import ai.onnxruntime.*;

        class Student {
          public static void main(String[] args) throws OrtException {
            var environment = OrtEnvironment.getEnvironment();
            try (var session = environment.createSession("student.onnx");
                var rows = OnnxTensor.createTensor(environment, new float[2][%1$d]);
                var out = session.run(java.util.Map.of("features", rows))) {
              float[][] probabilities = (float[][]) out.get("probabilities").orElseThrow().getValue();
              System.out.println(java.util.Arrays.deepToString(probabilities));
            }
          }
        }
        ```
        """
        .formatted(features);
  }

  /** A caller's text on one line, without what Markdown or HTML would make something of. */
  private static String plain(String text) {
    return text.replaceAll("[\\p{Cntrl}]+", " ").replaceAll("([\\\\`*_\\[\\]<>|#])", "\\\\$1");
  }
}
