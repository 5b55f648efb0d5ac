/** Tells callers' own servers what becomes of their jobs. */
@NullMarked
@ApplicationModule(
    allowedDependencies = {"spec", "database", "web", "access", "outgoing", "job", "chore"})
package io.retort.webhook;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
