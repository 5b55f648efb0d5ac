package io.retort.model.foreign;

import ai.onnxruntime.NodeInfo;
import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtLoggingLevel;
import ai.onnxruntime.OrtSession;
import ai.onnxruntime.OrtSession.SessionOptions.OptLevel;
import ai.onnxruntime.TensorInfo;
import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;

/** ONNX Runtime's session of one model. */
final class OnnxSession implements AutoCloseable {

  private final OrtEnvironment environment;
  private final OrtSession session;

  /**
   * @param optimise off where every tensor of the graph is to be seen
   */
  OnnxSession(byte[] model, int threads, boolean optimise) {
    environment = OrtEnvironment.getEnvironment(OrtLoggingLevel.ORT_LOGGING_LEVEL_ERROR, "retort");
    try (OrtSession.SessionOptions options = new OrtSession.SessionOptions()) {
      options.setIntraOpNumThreads(threads);
      options.setInterOpNumThreads(1);
      options.setOptimizationLevel(optimise ? OptLevel.ALL_OPT : OptLevel.NO_OPT);
      session = environment.createSession(model, options);
    } catch (OrtException e) {
      throw refused(e);
    }
  }

  /** What ONNX Runtime says of a model is of use to its owner, the first line of it. */
  private static ForeignModelException refused(OrtException e) {
    String message = String.valueOf(e.getMessage()).lines().findFirst().orElse("");
    return ForeignModelException.unsupported(
        "ONNX Runtime refuses the model: "
            + (message.length() <= 300 ? message : message.substring(0, 300) + "..."));
  }

  Map<String, NodeInfo> inputs() {
    try {
      return session.getInputInfo();
    } catch (OrtException e) {
      throw refused(e);
    }
  }

  Map<String, NodeInfo> outputs() {
    try {
      return session.getOutputInfo();
    } catch (OrtException e) {
      throw refused(e);
    }
  }

  /**
   * Runs one batch.
   *
   * @param values one buffer an input, from absolute index 0
   * @param shapes with the batch
   */
  OrtSession.Result run(List<FloatBuffer> values, List<long[]> shapes, List<String> wanted) {
    Map<String, OnnxTensor> fed = new LinkedHashMap<>();
    try {
      int i = 0;
      for (Map.Entry<String, NodeInfo> input : inputs().entrySet()) {
        TensorInfo info = (TensorInfo) input.getValue().getInfo();
        fed.put(
            input.getKey(),
            OnnxValues.tensor(environment, info.type, values.get(i), shapes.get(i)));
        i++;
      }
      return session.run(fed, new LinkedHashSet<>(wanted));
    } catch (OrtException e) {
      throw refused(e);
    } finally {
      new ArrayList<>(fed.values()).forEach(OnnxTensor::close);
    }
  }

  @Override
  public void close() {
    try {
      session.close();
    } catch (OrtException e) {
      throw refused(e);
    }
  }
}
