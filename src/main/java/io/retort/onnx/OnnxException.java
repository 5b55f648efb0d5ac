package io.retort.onnx;

import io.retort.spec.Fault;
import io.retort.spec.RetortException;
import org.jspecify.annotations.Nullable;

/** An ONNX file of ours that does not do what it should. */
public final class OnnxException extends RetortException {

  private OnnxException(String code, String message, @Nullable Throwable cause) {
    super(Fault.SERVICE, code, message, cause);
  }

  static OnnxException notRun(Throwable cause) {
    return new OnnxException(
        "onnx_not_run", "ONNX Runtime did not run the exported file; nothing was kept.", cause);
  }

  /** The exported file computes something else than the network it was made from. */
  public static OnnxException differs(double difference, double allowed) {
    return new OnnxException(
        "onnx_differs",
        "In ONNX Runtime the exported student's logits differ by up to %.3g from the service's own; at most %.3g is allowed, so the file was not kept."
            .formatted(difference, allowed),
        null);
  }
}
