package io.retort.training;

import java.nio.FloatBuffer;
import java.util.List;
import java.util.stream.Stream;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Running means and variances of a network's batch normalisations: after each batch {@code (1 -
 * momentum) * running + momentum * batch}, with the batch's unbiased variance, as PyTorch does it.
 */
final class RunningStatistics {

  private final FlatParameters parameters;
  private final List<Followed> all;

  /** A running figure, the array of the batch's, and what makes a biased one unbiased. */
  private record Followed(ParameterTensor running, INDArray batch, double correction) {}

  RunningStatistics(
      List<NetworkGraph.Norm> norms, CapturedPlan plan, FlatParameters parameters, int batch) {
    this.parameters = parameters;
    this.all = norms.stream().flatMap(norm -> followed(norm, plan, batch)).toList();
  }

  private static Stream<Followed> followed(NetworkGraph.Norm norm, CapturedPlan plan, int batch) {
    double n = (double) norm.positions() * batch;
    double unbiased = n > 1 ? n / (n - 1) : 1;
    return Stream.of(
        new Followed(norm.runningMean(), plan.array(norm.mean()), 1),
        new Followed(norm.runningVariance(), plan.array(norm.variance()), unbiased));
  }

  void update() {
    for (Followed f : all) {
      FloatBuffer values = parameters.floats();
      FloatBuffer batch = f.batch.data().asNioFloat();
      int offset = f.running.offset();
      for (int i = 0; i < f.running.size(); i++) {
        double before = values.get(offset + i);
        double change = batch.get(i) * f.correction - before;
        values.put(offset + i, (float) (before + Layer.BatchNorm.MOMENTUM * change));
      }
    }
  }
}
