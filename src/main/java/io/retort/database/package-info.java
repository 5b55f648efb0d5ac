/** Where the service keeps what it knows: its data directory and its PostgreSQL. */
@NullMarked
@ApplicationModule(allowedDependencies = {})
package io.retort.database;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
