package io.retort.training;

import io.retort.model.ModelDefinition;
import io.retort.model.ModelFiles;
import io.retort.model.TrainedModel;
import io.retort.plan.CapturedPlan;
import io.retort.plan.HostMemory;
import io.retort.plan.NativeMemory;
import io.retort.teacher.Tap;
import io.retort.teacher.Teacher;
import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.nd4j.autodiff.samediff.SDVariable;
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

  private final List<Tap> taps;
  private final List<INDArray> tapped = new ArrayList<>();

  private InferenceNetwork(
      ModelDefinition definition,
      FlatParameters parameters,
      int batch,
      @Nullable TrainedModel model,
      List<String> tapNames) {
    List<TapPoint> points = TapPoint.of(definition, tapNames);
    this.taps = points.stream().map(TapPoint::tap).toList();
    this.definition = definition;
    this.model = model;
    this.batch = batch;
    NetworkGraph net =
        memory.own(
            NetworkGraph.build(definition, parameters.views(), batch, DataType.FLOAT, false));
    Map<String, INDArray> bound = new HashMap<>(parameters.views());
    bound.put(NetworkGraph.FEATURES, memory.array(DataType.FLOAT, batch, definition.columns()));
    List<String> variables = points.stream().map(point -> channelsFirst(net, point)).toList();
    Set<String> wanted = new HashSet<>(variables);
    wanted.add(NetworkGraph.LOGITS);
    plan =
        memory.own(
            CapturedPlan.capture(
                net.graph(),
                bound,
                bound.keySet(),
                List.of(wanted),
                ComputeBackend.rewrites(DataType.FLOAT)));
    features = plan.array(NetworkGraph.FEATURES).data().asNioFloat();
    logits = plan.array(NetworkGraph.LOGITS).data().asNioFloat();
    variables.forEach(name -> tapped.add(plan.array(name)));
  }

  private static String channelsFirst(NetworkGraph net, TapPoint point) {
    SDVariable tap = net.tap(point.tap().name());
    return (point.isImage() ? net.graph().permute(tap, 0, 3, 1, 2) : tap).name();
  }

  /**
   * Opens a trained model.
   *
   * @param maxBatch rows of the captured batch; smaller batches cost as much
   * @param threads compute threads, at most; to be used by the calling thread
   */
  public static InferenceNetwork open(TrainedModel model, int maxBatch, int threads) {
    return open(model, maxBatch, threads, List.of());
  }

  /**
   * Opens a trained model whose tensors in between are to be read too.
   *
   * @param taps names of {@link Networks#taps}, each once
   */
  public static InferenceNetwork open(
      TrainedModel model, int maxBatch, int threads, List<String> taps) {
    ComputeThreads.use(threads, model.definition(), maxBatch);
    FlatParameters parameters =
        new FlatParameters(ParameterLayout.of(model.definition()), DataType.FLOAT);
    parameters.write(model.parameters());
    try {
      InferenceNetwork network =
          new InferenceNetwork(model.definition(), parameters, maxBatch, model, taps);
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
    return new InferenceNetwork(definition, parameters, batch, null, List.of());
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
  public List<Tap> taps() {
    return taps;
  }

  @Override
  public void compute(FloatBuffer rows, int count, FloatBuffer into, List<FloatBuffer> intoTaps) {
    if (count < 1 || count > batch) {
      throw new IllegalArgumentException("rows " + count + " not in 1.." + batch);
    }
    features.put(0, rows, 0, count * columns());
    HostMemory.isWritten(plan.array(NetworkGraph.FEATURES));
    plan.replay(0);
    HostMemory.isRead(plan.array(NetworkGraph.LOGITS));
    into.put(0, logits, 0, count * classes().size());
    for (int t = 0; t < intoTaps.size(); t++) {
      HostMemory.isRead(tapped.get(t));
      FloatBuffer values = tapped.get(t).data().asNioFloat();
      intoTaps.get(t).put(0, values, 0, count * taps.get(t).size());
    }
  }

  @Override
  public void close() {
    memory.close();
  }
}
