package io.retort.job.web;

/** Requests that run unedited. */
final class JobExamples {

  static final String DISTILL =
      """
      {
        "type": "distill",
        "name": "mnist1d: cnn to mlp",
        "dataset": {
          "uri": "sample:mnist1d",
          "format": "auto",
          "label": "label",
          "split": {"validation": 0.1, "test": 0.2, "seed": 7}
        },
        "teacher": {
          "architecture": {"type": "cnn1d", "channels": [25, 25, 25]},
          "training": {"epochs": 60}
        },
        "student": {"architecture": {"type": "mlp", "hidden": [100, 100]}},
        "objective": {"tau": 4, "alpha": 0.9, "beta": 0.1},
        "training": {
          "epochs": 60,
          "batchSize": 100,
          "optimizer": {"type": "adam", "learningRate": 0.01},
          "seed": 42
        },
        "evaluation": {"twin": true}
      }
      """;

  static final String TRAIN =
      """
      {
        "type": "train",
        "name": "mnist1d: a teacher to keep",
        "dataset": {"uri": "sample:mnist1d"},
        "teacher": {"architecture": {"type": "cnn1d", "channels": [25, 25, 25]}},
        "training": {"epochs": 60, "batchSize": 100, "seed": 42}
      }
      """;

  private JobExamples() {}
}
