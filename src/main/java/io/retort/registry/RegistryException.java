package io.retort.registry;

import io.retort.spec.Fault;
import io.retort.spec.RetortException;
import java.util.UUID;

/** Something that cannot be done with a dataset or model. */
public final class RegistryException extends RetortException {

  private RegistryException(Fault fault, String code, String message) {
    super(fault, code, message);
  }

  static RegistryException empty() {
    return new RegistryException(
        Fault.DATA, "empty_file", "The part `file` is empty; there is nothing to keep.");
  }

  static RegistryException inUse(String kind, UUID id, UUID job) {
    return new RegistryException(
        Fault.CONFLICT,
        kind + "_in_use",
        "Job %s, which has not ended, uses the %s %s; wait for it or cancel it."
            .formatted(job, kind, id));
  }

  static RegistryException ambiguous(String name) {
    return new RegistryException(
        Fault.CONFLICT,
        "ambiguous_model",
        "Several models are called `%s`; use the id of the one you mean.".formatted(name));
  }
}
