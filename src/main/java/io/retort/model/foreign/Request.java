package io.retort.model.foreign;

import org.jspecify.annotations.Nullable;

/**
 * The first message to the process of models.
 *
 * @param opening null where the file is only to be inspected
 */
record Request(String file, @Nullable Opening opening) {}
