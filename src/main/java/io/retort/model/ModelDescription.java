package io.retort.model;

import java.util.Map;

/**
 * {@code retort.json} of a model file.
 *
 * @param formatVersion raised when older readers can no longer read what is written
 * @param provenance where the model came from; of no account to reading it
 */
record ModelDescription(
    int formatVersion,
    ModelDefinition model,
    Parameters parameters,
    Map<String, Object> provenance) {

  static final int VERSION = 1;

  /**
   * @param sha256 of {@code parameters.f32}, in hex
   */
  record Parameters(long count, String sha256) {}
}
