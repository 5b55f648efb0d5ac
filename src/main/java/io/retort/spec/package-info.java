/** The job spec: what a caller posts and what the engine runs, as the same records. */
@NullMarked
@ApplicationModule(allowedDependencies = {})
package io.retort.spec;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
