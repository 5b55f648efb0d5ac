/** Removes what is old or too much, and never what a job needs that has not ended. */
@NullMarked
@ApplicationModule(
    allowedDependencies = {"chore", "job", "artifact", "registry", "dataset", "targets"})
package io.retort.retention;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
