package io.retort.training;

import io.retort.plan.CapturedPlan;
import io.retort.plan.HostMemory;
import java.nio.FloatBuffer;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Running means and variances of a network's batch normalisations: after each batch {@code (1 -
 * momentum) * running + momentum * batch}, with the batch's unbiased variance, as PyTorch does it.
 */
final class RunningStatistics {

  private final FlatParameters parameters;
  private final List<Followed> all;
  private @Nullable FloatBuffer values;

  /** A running figure, the array of the batch's, and what makes a biased one unbiased. */
  private record Followed(
      ParameterTensor running, INDArray batchArray, FloatBuffer batch, double correction) {

    static Followed of(ParameterTensor running, INDArray batch, double correction) {
      return new Followed(running, batch, batch.data().asNioFloat(), correction);
    }

    void moveTowardsBatch(FloatBuffer values) {
      HostMemory.isRead(batchArray);
      int offset = running.offset();
      int count = running.size();
      for (int i = 0; i < count; i++) {
        double before = values.get(offset + i);
        double change = batch.get(i) * correction - before;
        values.put(offset + i, (float) (before + Layer.BatchNorm.MOMENTUM * change));
      }
    }
  }

  /**
   * @param norms none where arrays are not FLOAT
   * @param batch rows of a batch
   */
  RunningStatistics(
      List<NetworkGraph.Norm> norms, CapturedPlan plan, FlatParameters parameters, int batch) {
    this.parameters = parameters;
    this.all = norms.stream().flatMap(norm -> followed(norm, plan, batch)).toList();
  }

  private static Stream<Followed> followed(NetworkGraph.Norm norm, CapturedPlan plan, int batch) {
    double n = (double) norm.positions() * batch;
    double unbiased = n > 1 ? n / (n - 1) : 1;
    return Stream.of(
        Followed.of(norm.runningMean(), plan.array(norm.mean()), 1),
        Followed.of(norm.runningVariance(), plan.array(norm.variance()), unbiased));
  }

  void update() {
    for (int i = 0; i < all.size(); i++) {
      if (values == null) {
        values = parameters.floats();
      }
      all.get(i).moveTowardsBatch(values);
    }
    if (!all.isEmpty()) {
      HostMemory.isWritten(parameters.vector());
    }
  }
}
