package io.retort.training;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * Resident memory of the process before and after ten thousand steps of some networks. {@code
 * benchmarks/engine.sh growth} runs it with a heap that is in memory from the start, so that what
 * grows is native.
 */
final class GrowthBenchmark {

  private static final int WARM_UP = 10_000;
  private static final int STEPS = 10_000;

  private GrowthBenchmark() {}

  public static void main(String[] args) throws IOException {
    PeerBenchmark.useThreads(1);
    System.out.println(
        "| network | resident, MB | after 10,000 more steps, kB | live arrays, kB |");
    System.out.println("|---|---|---|---|");
    for (Suite net : List.of(Suite.MLP_784_30_10, Suite.MNIST1D_CNN, Suite.CNN_28X28)) {
      try (Suite.Training training = net.open(1)) {
        run(training, WARM_UP);
        long resident = residentKilobytes();
        long pointers = org.bytedeco.javacpp.Pointer.totalBytes();
        run(training, STEPS);
        System.out.printf(
            "| %s | %d | %+d | %+d |%n",
            net,
            resident / 1024,
            residentKilobytes() - resident,
            (org.bytedeco.javacpp.Pointer.totalBytes() - pointers) / 1024);
      }
    }
  }

  private static void run(Suite.Training training, int steps) {
    for (int i = 0; i < steps; i++) {
      training.step();
    }
  }

  private static long residentKilobytes() throws IOException {
    return Files.readAllLines(Path.of("/proc/self/status")).stream()
        .filter(line -> line.startsWith("VmRSS:"))
        .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")))
        .findFirst()
        .orElseThrow();
  }
}
