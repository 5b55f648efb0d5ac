/** Requests that the service makes because a caller's URI says so: datasets, teachers, webhooks. */
@NullMarked
@ApplicationModule(allowedDependencies = {"spec"})
package io.retort.outgoing;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
