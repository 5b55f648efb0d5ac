/** Who may reach the service, and what the service may reach on a caller's behalf. */
@NullMarked
@ApplicationModule(allowedDependencies = {"spec", "database", "web"})
package io.retort.access;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
