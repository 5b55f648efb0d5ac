package io.retort.training;

import io.retort.model.ModelDefinition;
import io.retort.model.ModelFiles;
import io.retort.model.TrainedModel;
import io.retort.teacher.Teacher;
import java.nio.FloatBuffer;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/** A network captured for inference: no dropout, one batch size, nothing allocated per call. */
public final class InferenceNetwork implements Teacher {

  private final NativeMemory memory = new NativeMemory();
  private final ModelDefinition definition;
  private final int batch;
  private final @Nullable TrainedModel model;
  private final CapturedPlan plan;
  private final FloatBuffer features;
  private final FloatBuffer logits;

  private InferenceNetwork(
      ModelDefinition definition,
      FlatParameters parameters,
      int batch,
      @Nullable TrainedModel model) {
    this.definition = definition;
    this.model = model;
    this.batch = batch;
    NetworkGraph net =
        memory.own(
            NetworkGraph.build(definition, parameters.views(), batch, DataType.FLOAT, false));
    Map<String, INDArray> bound = new HashMap<>(parameters.views());
    bound.put(NetworkGraph.FEATURES, memory.array(DataType.FLOAT, batch, definition.columns()));
    plan =
        memory.own(
            CapturedPlan.capture(
                net.graph(),
                bound,
                bound.keySet(),
                List.of(Set.of(NetworkGraph.LOGITS)),
                ComputeBackend.rewrites(DataType.FLOAT)));
    features = plan.array(NetworkGraph.FEATURES).data().asNioFloat();
    logits = plan.array(NetworkGraph.LOGITS).data().asNioFloat();
  }

  /**
   * Opens a trained model.
   *
   * @param maxBatch rows of the captured batch; smaller batches cost as much
   * @param threads compute threads, at most; to be used by the calling thread
   */
  public static InferenceNetwork open(TrainedModel model, int maxBatch, int threads) {
    ComputeThreads.use(threads, model.definition(), maxBatch);
    FlatParameters parameters =
        new FlatParameters(ParameterLayout.of(model.definition()), DataType.FLOAT);
    parameters.write(model.parameters());
    try {
      InferenceNetwork network =
          new InferenceNetwork(model.definition(), parameters, maxBatch, model);
      network.memory.own(parameters);
      return network;
    } catch (RuntimeException | Error e) {
      parameters.close();
      throw e;
    }
  }

  /** Shares parameters that are still being trained; their owner closes them. */
  static InferenceNetwork sharing(
      ModelDefinition definition, FlatParameters parameters, int batch) {
    return new InferenceNetwork(definition, parameters, batch, null);
  }

  @Override
  public List<String> classes() {
    return definition.classes();
  }

  /** Only of a network that was opened; parameters that are being trained identify nothing. */
  @Override
  public String fingerprint() {
    if (model == null) {
      throw new IllegalStateException("the parameters are still being trained");
    }
    return ModelFiles.fingerprint(model);
  }

  @Override
  public int columns() {
    return definition.columns();
  }

  @Override
  public int maxBatch() {
    return batch;
  }

  @Override
  public void compute(FloatBuffer rows, int count, FloatBuffer into, List<FloatBuffer> taps) {
    if (count < 1 || count > batch) {
      throw new IllegalArgumentException("rows " + count + " not in 1.." + batch);
    }
    features.put(0, rows, 0, count * columns());
    HostMemory.isWritten(plan.array(NetworkGraph.FEATURES));
    plan.replay(0);
    HostMemory.isRead(plan.array(NetworkGraph.LOGITS));
    into.put(0, logits, 0, count * classes().size());
  }

  @Override
  public void close() {
    memory.close();
  }
}
