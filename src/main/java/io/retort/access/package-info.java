/** Who may call the service, for which tenant, and how much of it each tenant may use. */
@NullMarked
@ApplicationModule(allowedDependencies = {"spec", "database", "web"})
package io.retort.access;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
