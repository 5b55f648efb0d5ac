/** What runs here: version, machine, workers and queue, for machines and for people. */
@NullMarked
@ApplicationModule(allowedDependencies = {"spec", "job", "worker", "web", "access"})
package io.retort.system;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
