/** What a job's numbers say, for reading only. */
@NullMarked
@ApplicationModule(allowedDependencies = {"spec", "job", "pipeline", "web"})
package io.retort.report;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
