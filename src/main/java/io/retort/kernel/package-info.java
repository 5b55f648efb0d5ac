/**
 * What a captured step runs on a CPU in place of ND4J's operations: primitives of oneDNN, bound
 * once to the arrays of a plan. Nothing here knows of networks or graphs.
 */
@NullMarked
@ApplicationModule(allowedDependencies = {})
package io.retort.kernel;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
