package io.retort.training;

import io.retort.model.ModelDefinition;
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

  private final NativeMemory memory = new NativeMemory();
  private final CapturedPlan forward;
  private final CapturedPlan backward;
  private final List<NetworkGraph.Mask> masks;
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
    Map<String, INDArray> bound = new HashMap<>(parameters.views());
    bound.put(NetworkGraph.FEATURES, memory.array(type, batch, definition.columns()));
    for (NetworkGraph.Mask mask : masks) {
      bound.put(mask.name(), memory.array(type, batch, mask.width()));
    }
    try {
      memory.own(net);
      this.forward =
          memory.own(
              CapturedPlan.capture(
                  net.graph(), bound, bound.keySet(), Set.of(NetworkGraph.LOGITS)));
      this.backward = memory.own(captureBackward(net, gradients, type, classes));
    } catch (RuntimeException | Error e) {
      memory.close();
      throw e;
    }
  }

  private CapturedPlan captureBackward(
      NetworkGraph net, FlatParameters gradients, DataType type, int classes) {
    SameDiff sd = net.graph();
    Map<String, INDArray> arrays = new HashMap<>(forward.arrays());
    arrays.put(LOGIT_GRADIENT, memory.array(type, batch, classes));
    Set<String> inputs = Set.copyOf(arrays.keySet());
    SDVariable slope = sd.placeHolder(LOGIT_GRADIENT, type, batch, classes);
    Map<String, SDVariable> found = Backpropagation.from(net.logits(), slope);
    Set<String> wanted = new HashSet<>();
    gradients
        .views()
        .forEach(
            (parameter, view) -> {
              String gradient = Objects.requireNonNull(found.get(parameter), parameter).name();
              arrays.put(gradient, view);
              wanted.add(gradient);
            });
    return CapturedPlan.capture(sd, arrays, inputs, wanted);
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

  /** Every array that the step reads or fills, for tests of who frees them. */
  Collection<INDArray> arrays() {
    return backward.arrays().values();
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
