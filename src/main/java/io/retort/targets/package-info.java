/** The soft targets that teachers gave, kept by content so that no teacher runs twice on a row. */
@NullMarked
@ApplicationModule(allowedDependencies = {"spec", "dataset", "teacher"})
package io.retort.targets;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
