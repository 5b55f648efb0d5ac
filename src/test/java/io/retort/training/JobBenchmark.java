package io.retort.training;

import io.retort.dataset.Split;
import io.retort.model.ModelDefinition;
import io.retort.model.TrainedModel;
import io.retort.spec.Architecture;
import io.retort.spec.OptimizerSpec;
import io.retort.spec.TrainingSpec;
import io.retort.targets.SoftTargetFile;
import io.retort.teacher.SoftTargets;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;

/**
 * Seconds of a whole distillation: a convolutional teacher with some twenty times the student's
 * multiply-adds labels the rows once, then the student trains for thirty epochs and is validated
 * after each. Started by {@code benchmarks/peer/job.sh} in turn with PyTorch's loops, which do the
 * same on as many rows of the same shape.
 */
final class JobBenchmark {

  private static final int ROWS = 8_000;
  private static final int VALIDATION = 1_000;
  private static final int BATCH = 64;
  private static final int EPOCHS = 30;
  private static final int PIXELS = 28 * 28;

  private JobBenchmark() {}

  /**
   * @param args threads, rounds; the first round includes what the JVM still has to compile
   */
  public static void main(String[] args) throws IOException {
    int threads = Integer.parseInt(args[0]);
    ModelDefinition teacher = net(List.of(32, 64), 128);
    ModelDefinition student = net(List.of(6, 12), 32);
    System.out.printf(
        Locale.ROOT,
        "multiply-adds %d of the teacher, %d of the student%n",
        NetworkSize.of(teacher).multiplyAdds(),
        NetworkSize.of(student).multiplyAdds());
    ArraySplit train = ArraySplit.blobs(ROWS, PIXELS, 10, 1);
    ArraySplit validation = ArraySplit.blobs(VALIDATION, PIXELS, 10, 2);
    TrainedModel trained = new TrainedModel(teacher, ParameterLayout.of(teacher).initial(1));
    for (int round = 0; round < Integer.parseInt(args[1]); round++) {
      long begin = System.nanoTime();
      run(trained, student, train, validation, threads);
      System.out.printf(Locale.ROOT, "job retort %.2f%n", (System.nanoTime() - begin) / 1e9);
    }
  }

  private static void run(
      TrainedModel teacher, ModelDefinition student, Split train, Split validation, int threads)
      throws IOException {
    Path directory = Files.createTempDirectory("retort-job");
    try (InferenceNetwork network = InferenceNetwork.open(teacher, 256, threads);
        SoftTargets forTrain = label(network, train, directory.resolve("train"));
        SoftTargets forValidation = label(network, validation, directory.resolve("validation"))) {
      TrainingSpec spec =
          new TrainingSpec(
              EPOCHS, BATCH, new OptimizerSpec.Adam(1e-3, null, null, null), null, null, null, 1L);
      new Trainer(threads)
          .train(
              new TrainingTask(
                  student,
                  train,
                  validation,
                  new DistillationTargets(forTrain, forValidation),
                  Suite.objective(),
                  spec),
              new TrainingListener() {
                @Override
                public void epochDone(EpochMetrics metrics) {}

                @Override
                public void progress(double done) {}
              },
              () -> false);
    } finally {
      for (String name : List.of("train", "validation")) {
        Files.deleteIfExists(directory.resolve(name));
      }
      Files.delete(directory);
    }
  }

  private static SoftTargets label(InferenceNetwork teacher, Split part, Path file) {
    return SoftTargetFile.label(teacher, part, file, () -> false, done -> {});
  }

  private static ModelDefinition net(List<Integer> channels, int hidden) {
    return new ModelDefinition(
        new Architecture.Cnn2d(channels, 3, 2, List.of(hidden), null, null, null),
        List.of(1, 28, 28),
        IntStream.range(0, 10).mapToObj(Integer::toString).toList(),
        null);
  }
}
