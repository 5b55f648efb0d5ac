package io.retort.registry;

import io.retort.model.TrainedModel;
import java.nio.file.Path;

/** Reads the model files that the registry keeps. */
@FunctionalInterface
public interface ModelReader {

  /**
   * Reads a file that may come from a stranger, without running anything in it.
   *
   * @throws io.retort.spec.RetortException with {@code Fault.DATA}, saying what is accepted, where
   *     it is not a model
   */
  TrainedModel read(Path file);
}
