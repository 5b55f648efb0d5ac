/** The sample job, run through the service's own HTTP API and shown in the terminal. */
@NullMarked
@ApplicationModule(allowedDependencies = {"access"})
package io.retort.quickstart;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
