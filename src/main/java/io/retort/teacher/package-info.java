/** Anything that gives logits for a batch, and how what it gave is read. */
@NullMarked
@ApplicationModule(allowedDependencies = {"spec", "outgoing", "dataset", "model", "model::foreign"})
package io.retort.teacher;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
