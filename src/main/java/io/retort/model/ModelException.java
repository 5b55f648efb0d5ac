package io.retort.model;

import io.retort.spec.Fault;
import io.retort.spec.RetortException;

/** A model file that is not one of Retort's, or is damaged. */
public final class ModelException extends RetortException {

  private ModelException(String code, String message) {
    super(Fault.DATA, code, message);
  }

  static ModelException notAModel() {
    return new ModelException(
        "unsupported_model_format",
        "The file is no model made by Retort; upload a student.zip or teacher.zip of a job.");
  }

  static ModelException damaged(String what) {
    return new ModelException("damaged_model", "The model file is damaged: " + what + ".");
  }
}
