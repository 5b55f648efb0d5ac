package io.retort.registry;

import io.retort.model.ModelInfo;
import io.retort.model.TrainedModel;
import java.nio.file.Path;

/** Reads the model files that the registry keeps, which may come from strangers. */
public interface ModelReader {

  /**
   * Reads one of the service's own files, which may come from a stranger, without running anything
   * in it.
   *
   * @throws io.retort.spec.RetortException with {@code Fault.DATA}, saying what is accepted, where
   *     it is not a model
   */
  TrainedModel read(Path file);

  /**
   * Looks into a file of any format that is supported.
   *
   * @throws io.retort.spec.RetortException likewise
   */
  ModelInfo inspect(Path file);
}
