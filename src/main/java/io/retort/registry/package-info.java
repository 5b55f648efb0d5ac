/** Datasets and models that outlive a job. */
@NullMarked
@ApplicationModule(
    allowedDependencies = {"spec", "database", "artifact", "web", "dataset", "model", "access"})
package io.retort.registry;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
