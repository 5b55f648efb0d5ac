package io.retort.dataset;

import java.nio.file.Path;

/**
 * A file that a URI led to.
 *
 * @param name what its content was called, for the guess of its format
 */
record SourceFile(Path path, String name, Location location) {}
