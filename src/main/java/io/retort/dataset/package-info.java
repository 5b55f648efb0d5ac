/**
 * Rows: fetched from a URI, read once into a memory-mapped store, split and handed out in batches.
 */
@NullMarked
@ApplicationModule(allowedDependencies = {"spec", "outgoing"})
package io.retort.dataset;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
