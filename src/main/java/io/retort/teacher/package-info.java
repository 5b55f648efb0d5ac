/**
 * Anything that gives logits for a batch, and the soft targets it gave, kept so that it runs once.
 */
@NullMarked
@ApplicationModule(allowedDependencies = {"spec", "dataset", "model", "model::foreign"})
package io.retort.teacher;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
