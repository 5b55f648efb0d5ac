package io.retort.artifact;

import java.nio.file.Path;

/**
 * A file that has been written and flushed, but that nothing refers to yet; {@link
 * ContentStore#keep} makes it permanent.
 *
 * @param sha256 hex
 */
public record StoredContent(String sha256, long bytes, Path staged) {}
