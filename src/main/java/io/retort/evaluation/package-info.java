/** What a model is worth on rows it never saw, and whether a difference is more than chance. */
@NullMarked
@ApplicationModule(allowedDependencies = {"spec"})
package io.retort.evaluation;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
