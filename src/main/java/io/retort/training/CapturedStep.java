package io.retort.training;

import io.retort.model.ModelDefinition;
import io.retort.plan.Backpropagation;
import io.retort.plan.CapturedPlan;
import io.retort.plan.GradientRules;
import io.retort.plan.HostMemory;
import io.retort.plan.NativeMemory;
import java.nio.FloatBuffer;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.SplittableRandom;
import org.nd4j.autodiff.samediff.SDVariable;
import org.nd4j.autodiff.samediff.SameDiff;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Forward and backward pass of a network for one batch size, captured. Between the two the caller
 * turns {@link #logits} into {@link #logitGradient}: the objective is not part of the graph.
 *
 * <p>Several steps (full batch, short last batch) share parameters and gradients.
 */
final class CapturedStep implements AutoCloseable {

  private static final String LOGIT_GRADIENT = "logitGradient";
  private static final FloatBuffer NONE = FloatBuffer.allocate(0);
  private static final int FORWARD = 0;
  private static final int BACKWARD = 1;

  private final NativeMemory memory = new NativeMemory();
  private final CapturedPlan plan;
  private final List<TapPoint> points;
  private final Map<String, String> taps = new HashMap<>();
  private final List<NetworkGraph.Mask> masks;
  private final RunningStatistics statistics;
  private final FloatBuffer featureBuffer;
  private final FloatBuffer logitBuffer;
  private final FloatBuffer slopeBuffer;
  private final int batch;

  /**
   * @param parameters read; running means and variances written
   * @param gradients written; the same layout
   * @param taps names of tensors in between that the objective reads, each once
   * @param rewrite whether operations become kernels of their own, where they can
   */
  CapturedStep(
      ModelDefinition definition,
      FlatParameters parameters,
      FlatParameters gradients,
      List<String> taps,
      int batch,
      DataType type,
      boolean rewrite) {
    this.batch = batch;
    this.points = TapPoint.of(definition, taps);
    int classes = definition.classes().size();
    NetworkGraph net = NetworkGraph.build(definition, parameters.views(), batch, type, true);
    this.masks = net.masks();
    Map<String, INDArray> bound = new HashMap<>(parameters.views());
    bound.put(NetworkGraph.FEATURES, memory.array(type, batch, definition.columns()));
    for (NetworkGraph.Mask mask : masks) {
      bound.put(mask.name(), memory.array(type, batch, mask.width()));
    }
    try {
      memory.own(net);
      taps.forEach(tap -> this.taps.put(tap, net.tap(tap).name()));
      this.plan = memory.own(capture(net, gradients, bound, type, classes, rewrite));
      boolean floats = type == DataType.FLOAT;
      this.statistics =
          new RunningStatistics(floats ? net.norms() : List.of(), plan, parameters, batch);
      this.featureBuffer = floats ? floats(NetworkGraph.FEATURES) : NONE;
      this.logitBuffer = floats ? floats(NetworkGraph.LOGITS) : NONE;
      this.slopeBuffer = floats ? floats(LOGIT_GRADIENT) : NONE;
    } catch (RuntimeException | Error e) {
      memory.close();
      throw e;
    }
  }

  private CapturedPlan capture(
      NetworkGraph net,
      FlatParameters gradients,
      Map<String, INDArray> bound,
      DataType type,
      int classes,
      boolean rewrite) {
    SameDiff sd = net.graph();
    Map<String, SDVariable> slopes = new HashMap<>();
    slopes.put(NetworkGraph.LOGITS, slope(sd, LOGIT_GRADIENT, bound, type, batch, classes));
    for (TapPoint point : points) {
      String name = point.tap().name();
      // two taps may be one tensor under two names
      slopes.merge(
          net.tap(name).name(),
          slope(sd, slopeOf(name), bound, type, point.batchShape(batch)),
          SDVariable::add);
    }
    Set<String> given = Set.copyOf(bound.keySet());
    Set<String> forward = new HashSet<>(Set.of(NetworkGraph.LOGITS));
    forward.addAll(taps.values());
    net.norms().forEach(norm -> forward.addAll(List.of(norm.mean(), norm.variance())));
    Map<String, SDVariable> found = Backpropagation.from(sd, slopes, GradientRules::differentiate);
    Set<String> backward = new HashSet<>();
    gradients
        .trained()
        .forEach(
            (parameter, view) -> {
              String gradient = Objects.requireNonNull(found.get(parameter), parameter).name();
              bound.put(gradient, view);
              backward.add(gradient);
            });
    return CapturedPlan.capture(
        sd, bound, given, List.of(forward, backward), rewrite && ComputeBackend.rewrites(type));
  }

  private SDVariable slope(
      SameDiff sd, String name, Map<String, INDArray> bound, DataType type, long... shape) {
    bound.put(name, memory.array(type, shape));
    return sd.placeHolder(name, type, shape);
  }

  private static String slopeOf(String tap) {
    return "slope/" + tap;
  }

  int batch() {
    return batch;
  }

  /** What the forward pass gave at a tap: [batch, width], or [batch, height, width, channels]. */
  INDArray tap(String name) {
    return plan.array(Objects.requireNonNull(taps.get(name), name));
  }

  /** The gradient of the loss there, to be set before {@link #backward}; at first 0. */
  INDArray tapGradient(String name) {
    return plan.array(slopeOf(name));
  }

  INDArray features() {
    return plan.array(NetworkGraph.FEATURES);
  }

  private FloatBuffer floats(String variable) {
    return plan.array(variable).data().asNioFloat();
  }

  /** The memory of {@link #features}; FLOAT only, like the two below. */
  FloatBuffer featureBuffer() {
    return featureBuffer;
  }

  FloatBuffer logitBuffer() {
    return logitBuffer;
  }

  FloatBuffer slopeBuffer() {
    return slopeBuffer;
  }

  INDArray logits() {
    return plan.array(NetworkGraph.LOGITS);
  }

  INDArray logitGradient() {
    return plan.array(LOGIT_GRADIENT);
  }

  /** Draws new dropout masks; nothing to do in a network without dropout. */
  void drawMasks(SplittableRandom random) {
    for (NetworkGraph.Mask mask : masks) {
      FloatBuffer values = plan.array(mask.name()).data().asNioFloat();
      float kept = (float) (1 / (1 - mask.rate()));
      for (int i = 0; i < batch * mask.width(); i++) {
        values.put(i, random.nextDouble() < mask.rate() ? 0 : kept);
      }
      HostMemory.isWritten(plan.array(mask.name()));
    }
  }

  /** The arrays of the dropout masks, for tests that set them. */
  List<INDArray> maskArrays() {
    return masks.stream().map(m -> plan.array(m.name())).toList();
  }

  /** Every array that the step reads or fills, for tests of who frees them. */
  Collection<INDArray> arrays() {
    return plan.arrays().values();
  }

  /** The operations that no rewrite rule took, for tests that expect none. */
  List<String> leftToNd4j() {
    return plan.leftToNd4j();
  }

  void forward() {
    plan.replay(FORWARD);
  }

  /** Fills the gradients from {@link #logitGradient}. */
  void backward() {
    plan.replay(BACKWARD);
  }

  /** Moves the running means and variances towards those of the batch that went forward. */
  void updateStatistics() {
    statistics.update();
  }

  @Override
  public void close() {
    memory.close();
  }
}
