/** Which rows lie close to each other in what a teacher gives of them. */
@NullMarked
@ApplicationModule(allowedDependencies = {"spec", "teacher"})
package io.retort.neighbours;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
