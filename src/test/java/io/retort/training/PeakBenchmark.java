package io.retort.training;

import io.retort.kernel.Kernel;
import io.retort.kernel.OneDnn;
import io.retort.kernel.Products;
import java.util.List;
import java.util.Locale;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * GFLOP/s of each network's training step, and as a share of what the same library reaches in a
 * product of two large matrices. {@code benchmarks/engine.sh peak} runs it.
 */
final class PeakBenchmark {

  private static final int SIDE = 2048;

  private PeakBenchmark() {}

  /**
   * @param args threads, seconds for each network
   */
  public static void main(String[] args) {
    int threads = Integer.parseInt(args[0]);
    double seconds = Double.parseDouble(args[1]);
    PeerBenchmark.useThreads(threads);
    double peak = product(seconds);
    System.out.printf(
        Locale.ROOT, "%d threads; %d x %d product: %.0f GFLOP/s%n", threads, SIDE, SIDE, peak);
    System.out.println("| network | GFLOP a step | GFLOP/s | of the product's |");
    System.out.println("|---|---|---|---|");
    for (Suite net : Suite.values()) {
      double work = gigaflops(net);
      // the product before and after, because the processor's clock changes under way
      double before = product(seconds / 4);
      double speed = work / PeerBenchmark.medianStep(net, threads, seconds) * 1e3;
      double share = speed / Math.max(before, product(seconds / 4));
      System.out.printf(
          Locale.ROOT, "| %s | %.4f | %.0f | %.0f %% |%n", net, work, speed, share * 100);
    }
  }

  /** Forward, the weights' gradients and, but for the first layer, the inputs' gradients. */
  private static double gigaflops(Suite net) {
    List<Layer> layers = Layer.leaves(LayerPlan.of(net.definition, "").layers()).toList();
    long all = layers.stream().mapToLong(NetworkSize::multiplyAdds).sum();
    long first = NetworkSize.multiplyAdds(layers.get(0));
    return 2.0 * net.batch * (3 * all - first) / 1e9;
  }

  private static double product(double seconds) {
    try (OneDnn dnn = new OneDnn();
        INDArray a = Nd4j.rand(DataType.FLOAT, SIDE, SIDE);
        INDArray b = Nd4j.rand(DataType.FLOAT, SIDE, SIDE);
        INDArray out = Nd4j.create(DataType.FLOAT, SIDE, SIDE)) {
      Kernel product = Products.of(dnn, a, b, null, out, false);
      return 2.0 * SIDE * SIDE * SIDE / 1e6 / PeerBenchmark.median(product::run, seconds);
    }
  }
}
