package io.retort.training;

import io.retort.plan.CapturedPlan;
import io.retort.plan.HostMemory;
import io.retort.plan.NativeMemory;
import io.retort.training.term.BatchArrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * The terms of an objective, captured for one batch size between the forward and the backward pass
 * of the student: they read the student's taps where its forward pass left them and write their
 * gradients where its backward pass finds them.
 */
final class CapturedTerms implements AutoCloseable {

  private final NativeMemory memory = new NativeMemory();
  private final TermNetwork network;
  private final CapturedPlan plan;

  /**
   * @param network stays the caller's, and open as long as this
   * @param parts what the terms train; null where they train nothing
   * @param gradients written; the same layout
   * @param taps the student's, by name
   * @param tapGradients written, likewise
   * @param teacher what is read of the teacher, by the graph's variable
   */
  CapturedTerms(
      TermNetwork network,
      @Nullable FlatParameters parts,
      @Nullable FlatParameters gradients,
      Map<String, INDArray> taps,
      Map<String, INDArray> tapGradients,
      Map<String, INDArray> teacher,
      boolean rewrite) {
    this.network = network;
    try {
      Map<String, INDArray> bound = new HashMap<>(teacher);
      taps.forEach((tap, array) -> bound.put(TermNetwork.student(tap), array));
      for (int i = 0; i < network.losses().size(); i++) {
        bound.put(TermNetwork.weight(i), memory.array(network.graph().type(), 1, 1));
      }
      if (parts != null) {
        bound.putAll(parts.views());
      }
      Set<String> given = Set.copyOf(bound.keySet());
      Set<String> wanted = new HashSet<>(network.losses());
      wanted.addAll(network.graph().shown().values());
      tapGradients.forEach((tap, into) -> want(TermNetwork.student(tap), into, bound, wanted));
      if (gradients != null) {
        gradients.trained().forEach((part, into) -> want(part, into, bound, wanted));
      }
      plan = memory.own(network.capture(bound, given, wanted, rewrite));
    } catch (RuntimeException | Error e) {
      memory.close();
      throw e;
    }
  }

  private void want(
      String variable, INDArray into, Map<String, INDArray> bound, Set<String> wanted) {
    String gradient = Objects.requireNonNull(network.gradients().get(variable)).name();
    bound.put(gradient, into);
    wanted.add(gradient);
  }

  /** What a term is given for each batch and shows after it. */
  BatchArrays arrays(int term) {
    return new BatchArrays() {
      @Override
      public int batch() {
        return network.graph().batch();
      }

      @Override
      public void write(String name, float[] values) {
        HostMemory.write(plan.array(TermNetwork.scope(term) + name), values);
      }

      @Override
      public void read(String name, float[] into) {
        String shown = network.graph().shown().get(TermNetwork.scope(term) + name);
        HostMemory.read(plan.array(Objects.requireNonNull(shown, name)), into);
      }
    };
  }

  void setWeight(int term, double weight) {
    plan.array(TermNetwork.weight(term)).assign(weight);
  }

  /** Computes losses and gradients, the latter with the weights. */
  void run() {
    plan.replay(0);
  }

  /** Of the last run, before the weight. */
  double loss(int term) {
    INDArray loss = plan.array(network.losses().get(term));
    HostMemory.isRead(loss);
    return loss.getDouble(0);
  }

  /** The operations that no rewrite rule took. */
  List<String> leftToNd4j() {
    return plan.leftToNd4j();
  }

  /** Kernels that a run starts. */
  int kernels() {
    return plan.kernels();
  }

  @Override
  public void close() {
    memory.close();
  }
}
