package io.retort.serving;

import io.retort.spec.Fault;
import io.retort.spec.RetortException;

/** A request for an inference that cannot be answered. */
final class ServingException extends RetortException {

  private ServingException(Fault fault, String code, String message) {
    super(fault, code, message);
  }

  static ServingException badRequest(String message) {
    return new ServingException(Fault.REQUEST, "bad_inference_request", message);
  }

  static ServingException notServable(String message) {
    return new ServingException(Fault.DATA, "not_servable", message);
  }

  static ServingException busy() {
    return new ServingException(
        Fault.UNAVAILABLE,
        "serving_busy",
        "All models that may be open at once are answering others; try again in a moment, or raise"
            + " retort.serving.max-models or max-bytes.");
  }
}
