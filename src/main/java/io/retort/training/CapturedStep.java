package io.retort.training;

import io.retort.model.ModelDefinition;
import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.stream.Collectors;
import org.nd4j.autodiff.samediff.SDVariable;
import org.nd4j.autodiff.samediff.SameDiff;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Forward and backward pass of a network for one batch size, captured. Between the two the caller
 * turns {@link #logits} into {@link #logitGradient}: the objective is not part of the graph, whose
 * loss is the sum of logits times that gradient.
 *
 * <p>Several steps (full batch, short last batch) share parameters and gradients.
 */
final class CapturedStep implements AutoCloseable {

  private static final String LOGIT_GRADIENT = "logitGradient";

  private final NativeMemory memory = new NativeMemory();
  private final CapturedPlan forward;
  private final CapturedPlan backward;
  private final List<NetworkGraph.Mask> masks;
  private final Map<String, INDArray> bound;
  private final int batch;

  /**
   * @param parameters read
   * @param gradients written; the same layout
   */
  CapturedStep(
      ModelDefinition definition,
      FlatParameters parameters,
      FlatParameters gradients,
      int batch,
      DataType type) {
    this.batch = batch;
    int classes = definition.classes().size();
    NetworkGraph net = NetworkGraph.build(definition, parameters.views(), batch, type, true);
    this.masks = net.masks();
    this.bound = new HashMap<>(parameters.views());
    bound.put(NetworkGraph.FEATURES, memory.array(type, batch, definition.columns()));
    for (NetworkGraph.Mask mask : masks) {
      bound.put(mask.name(), memory.array(type, batch, mask.width()));
    }
    SameDiff sd = net.graph();
    this.forward =
        memory.own(CapturedPlan.capture(sd, bound, bound.keySet(), Set.of(NetworkGraph.LOGITS)));
    bound.put(LOGIT_GRADIENT, memory.array(type, batch, classes));
    this.backward = memory.own(captureBackward(sd, net.logits(), gradients, type, classes));
  }

  private CapturedPlan captureBackward(
      SameDiff sd, SDVariable logits, FlatParameters gradients, DataType type, int classes) {
    SDVariable given = sd.placeHolder(LOGIT_GRADIENT, type, batch, classes);
    SDVariable loss = logits.mul(given).sum();
    sd.setLossVariables(loss.name());
    QuietSameDiff.differentiate(sd);
    SameDiff grad = sd.getFunction("grad");
    Map<String, INDArray> arrays = new HashMap<>(bound);
    // what the forward pass computed is input now
    grad.variables().stream()
        .map(SDVariable::name)
        .filter(forward::computes)
        .forEach(name -> arrays.put(name, forward.array(name)));
    arrays.put(sd.getVariable(NetworkGraph.LOGITS).gradient().name(), bound.get(LOGIT_GRADIENT));
    Set<String> inputs = Set.copyOf(arrays.keySet());
    Map<String, String> names =
        gradients.views().keySet().stream()
            .collect(Collectors.toMap(n -> n, n -> sd.getVariable(n).gradient().name()));
    names.forEach((parameter, gradient) -> arrays.put(gradient, gradients.views().get(parameter)));
    return CapturedPlan.capture(grad, arrays, inputs, Set.copyOf(new ArrayList<>(names.values())));
  }

  int batch() {
    return batch;
  }

  INDArray features() {
    return forward.array(NetworkGraph.FEATURES);
  }

  FloatBuffer featureBuffer() {
    return features().data().asNioFloat();
  }

  INDArray logits() {
    return forward.array(NetworkGraph.LOGITS);
  }

  INDArray logitGradient() {
    return backward.array(LOGIT_GRADIENT);
  }

  /** Draws new dropout masks; nothing to do in a network without dropout. */
  void drawMasks(SplittableRandom random) {
    for (NetworkGraph.Mask mask : masks) {
      FloatBuffer values = forward.array(mask.name()).data().asNioFloat();
      float kept = (float) (1 / (1 - mask.rate()));
      for (int i = 0; i < batch * mask.width(); i++) {
        values.put(i, random.nextDouble() < mask.rate() ? 0 : kept);
      }
    }
  }

  /** The arrays of the dropout masks, for tests that set them. */
  List<INDArray> maskArrays() {
    return masks.stream().map(m -> forward.array(m.name())).toList();
  }

  void forward() {
    forward.replay();
  }

  /** Fills the gradients from {@link #logitGradient}. */
  void backward() {
    backward.replay();
  }

  @Override
  public void close() {
    memory.close();
  }
}
