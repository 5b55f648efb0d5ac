/** Small work beside the jobs, queued and recurring, on threads of its own. */
@NullMarked
@ApplicationModule(allowedDependencies = {})
package io.retort.chore;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
