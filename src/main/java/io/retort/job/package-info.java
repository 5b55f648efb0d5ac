/** Jobs: their states, what happened in them, and their place in the queue. */
@NullMarked
@ApplicationModule(allowedDependencies = {"spec", "database", "artifact", "web", "access"})
package io.retort.job;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
