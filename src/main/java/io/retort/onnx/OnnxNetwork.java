package io.retort.onnx;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import io.retort.teacher.Tap;
import io.retort.teacher.Teacher;
import java.nio.FloatBuffer;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** A file that {@link OnnxFile} wrote, run in ONNX Runtime. */
public final class OnnxNetwork implements Teacher {

  private final OrtEnvironment environment = OrtEnvironment.getEnvironment();
  private final OrtSession session;
  private final List<String> classes;
  private final int columns;
  private final int maxBatch;

  private OnnxNetwork(OrtSession session, List<String> classes, int columns, int maxBatch) {
    this.session = session;
    this.classes = classes;
    this.columns = columns;
    this.maxBatch = maxBatch;
  }

  /**
   * Opens a file of ours.
   *
   * @param classes class names in the order of the logits
   * @param columns features of a row
   * @param maxBatch most rows of a call
   * @param threads compute threads
   * @throws OnnxException where ONNX Runtime refuses the file
   */
  public static OnnxNetwork open(
      byte[] file, List<String> classes, int columns, int maxBatch, int threads) {
    return new OnnxNetwork(session(file, threads), classes, columns, maxBatch);
  }

  static OrtSession session(byte[] file, int threads) {
    try (OrtSession.SessionOptions options = new OrtSession.SessionOptions()) {
      options.setIntraOpNumThreads(threads);
      options.setInterOpNumThreads(1);
      // threads that wait for work must not take cores from those that compute
      options.addConfigEntry("session.intra_op.allow_spinning", "0");
      return OrtEnvironment.getEnvironment().createSession(file, options);
    } catch (OrtException e) {
      throw OnnxException.notRun(e);
    }
  }

  /** Version of ONNX Runtime. */
  public static String runtime() {
    return OrtEnvironment.getEnvironment().getVersion();
  }

  @Override
  public List<String> classes() {
    return classes;
  }

  @Override
  public int columns() {
    return columns;
  }

  @Override
  public int maxBatch() {
    return maxBatch;
  }

  @Override
  public List<Tap> taps() {
    return List.of();
  }

  @Override
  public void compute(FloatBuffer features, int rows, FloatBuffer logits, List<FloatBuffer> taps) {
    if (rows < 1 || rows > maxBatch) {
      throw new IllegalArgumentException("rows " + rows + " not in 1.." + maxBatch);
    }
    try (OnnxTensor input =
            OnnxTensor.createTensor(
                environment, features.slice(0, rows * columns), new long[] {rows, columns});
        OrtSession.Result result =
            session.run(Map.of(OnnxGraph.FEATURES, input), Set.of(OnnxGraph.LOGITS))) {
      FloatBuffer computed = ((OnnxTensor) result.get(0)).getFloatBuffer();
      logits.put(0, computed, 0, rows * classes.size());
    } catch (OrtException e) {
      throw OnnxException.notRun(e);
    }
  }

  @Override
  public void close() {
    try {
      session.close();
    } catch (OrtException e) {
      throw OnnxException.notRun(e);
    }
  }
}
