/**
 * Graphs as they are run: operations in order with every array bound, derivatives, what is computed
 * in one pass. It knows nothing of networks and losses.
 */
@NullMarked
@ApplicationModule(allowedDependencies = "kernel")
package io.retort.plan;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
