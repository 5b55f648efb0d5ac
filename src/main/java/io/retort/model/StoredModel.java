package io.retort.model;

import java.nio.file.Path;

/**
 * A model of the registry, whatever its format.
 *
 * @param sha256 of the file, in hex
 */
public record StoredModel(Path file, String sha256, ModelInfo info) {}
