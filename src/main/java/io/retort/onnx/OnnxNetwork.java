package io.retort.onnx;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import java.nio.FloatBuffer;
import java.util.Map;
import java.util.Set;

/** A file that {@link OnnxFile} wrote, run in ONNX Runtime. */
public final class OnnxNetwork implements AutoCloseable {

  private final OrtEnvironment environment = OrtEnvironment.getEnvironment();
  private final OrtSession session;
  private final int columns;
  private final int classes;

  private OnnxNetwork(OrtSession session, int columns, int classes) {
    this.session = session;
    this.columns = columns;
    this.classes = classes;
  }

  /**
   * Opens a file of ours.
   *
   * @param columns features of a row
   * @param classes logits of a row
   * @param threads compute threads
   * @throws OnnxException where ONNX Runtime refuses the file
   */
  public static OnnxNetwork open(byte[] file, int columns, int classes, int threads) {
    return new OnnxNetwork(session(file, threads), columns, classes);
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

  /**
   * Computes logits.
   *
   * @param features {@code rows * columns} floats, row-major, from absolute index 0
   * @param rows any number from 1
   * @param logits receives {@code rows * classes} floats, row-major, from absolute index 0
   * @throws OnnxException where ONNX Runtime fails
   */
  public void logits(FloatBuffer features, int rows, FloatBuffer logits) {
    try (OnnxTensor input =
            OnnxTensor.createTensor(
                environment, features.slice(0, rows * columns), new long[] {rows, columns});
        OrtSession.Result result =
            session.run(Map.of(OnnxGraph.FEATURES, input), Set.of(OnnxGraph.LOGITS))) {
      FloatBuffer computed = ((OnnxTensor) result.get(0)).getFloatBuffer();
      logits.put(0, computed, 0, rows * classes);
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
