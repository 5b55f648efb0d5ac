package io.retort.serving;

import io.retort.spec.Fault;
import io.retort.spec.RetortException;

/** An inference that cannot be made. */
final class ServingException extends RetortException {

  private ServingException(Fault fault, String code, String message) {
    super(fault, code, message);
  }

  static ServingException badRequest(String message) {
    return new ServingException(Fault.REQUEST, "invalid_inference_request", message);
  }

  static ServingException notServable(String message) {
    return new ServingException(Fault.DATA, "model_not_servable", message);
  }

  static ServingException notFinite(int row) {
    return new ServingException(
        Fault.DATA,
        "output_not_finite",
        "The model's output for row " + row + " is not finite; check the range of the features.");
  }

  static ServingException busy(String what) {
    return new ServingException(
        Fault.UNAVAILABLE, "serving_busy", what + "; try again in a few seconds.");
  }
}
