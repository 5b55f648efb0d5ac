package io.retort.crash;

import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * Jobs whose resumption could lose something: dropout's masks, an optimiser's moments, a schedule,
 * the running statistics of a batch normalisation, a stage, a projector, a memory, neighbours. Each
 * is at every part of it for long enough to be struck there.
 */
final class CrashJobs {

  private static final int ROWS = 60_000;
  private static final int FEATURES = 40;
  private static final int CLASSES = 10;

  /** Most rows are measured, and not trained on: that a job does these as long as those. */
  private static final String DATA =
      """
      "dataset": {"uri": "file:%s", "shape": [1, 8, 5],
                  "split": {"test": 0.9, "validation": 0.03}}
      """;

  private static final List<String> SPECS =
      List.of(
          """
          {%s,
           "teacher": {"architecture": {"type": "mlp", "hidden": [200, 100], "dropout": 0.2},
                       "training": {"epochs": 40, "seed": 5}},
           "student": {"architecture": {"type": "mlp", "hidden": [60], "dropout": 0.1}},
           "training": {"epochs": 60, "seed": 6,
                        "optimizer": {"type": "adamw", "learningRate": 0.002}},
           "export": {"int8": true}}
          """,
          """
          {%s,
           "teacher": {"architecture": {"type": "mlp", "hidden": [200, 100]},
                       "training": {"epochs": 40, "seed": 5}},
           "student": {"architecture": {"type": "cnn2d", "channels": [4], "hidden": [32],
                                        "batchNorm": true}},
           "stages": [{"name": "hint", "epochs": 6,
                       "objective": {"terms": [{"type": "hint", "weight": 1}]}}],
           "training": {"epochs": 20, "seed": 6, "optimizer": {"type": "sgd", "learningRate": 0.01},
                        "schedule": {"type": "cosine", "warmupEpochs": 3},
                        "earlyStopping": {"patience": 15}},
           "export": {"int8": true}}
          """,
          """
          {%s,
           "teacher": {"architecture": {"type": "mlp", "hidden": [200, 100]},
                       "training": {"epochs": 40, "seed": 5}},
           "student": {"architecture": {"type": "mlp", "hidden": [60]}},
           "objective": {"terms": [{"type": "similarity"},
                                   {"type": "crd", "negatives": 64, "width": 16}]},
           "training": {"epochs": 20, "seed": 6,
                        "batching": {"type": "neighbours", "k": 8}},
           "export": {"int8": true}}
          """);

  private CrashJobs() {}

  /** Writes the data and gives the jobs. */
  static List<String> on(Path csv) throws IOException {
    write(csv);
    return SPECS.stream().map(spec -> spec.formatted(DATA.formatted(csv))).toList();
  }

  /** Noise around a point a class. */
  private static void write(Path csv) throws IOException {
    Random random = new Random(1);
    double[][] centres = new double[CLASSES][];
    for (int c = 0; c < CLASSES; c++) {
      centres[c] = random.doubles(FEATURES, -0.5, 0.5).toArray();
    }
    Files.createDirectories(csv.getParent());
    try (BufferedWriter out = Files.newBufferedWriter(csv)) {
      out.write(
          IntStream.range(0, FEATURES).mapToObj(f -> "f" + f + ",").collect(Collectors.joining()));
      out.write("label\n");
      for (int row = 0; row < ROWS; row++) {
        int label = random.nextInt(CLASSES);
        for (double at : centres[label]) {
          out.write(String.format(Locale.ROOT, "%.3f,", at + random.nextGaussian()));
        }
        out.write(label + "\n");
      }
    }
  }
}
