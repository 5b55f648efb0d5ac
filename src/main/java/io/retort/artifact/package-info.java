/**
 * Files that are kept: each content once, under its hash, for as long as something refers to it.
 */
@NullMarked
@ApplicationModule(allowedDependencies = {"spec", "database", "access"})
package io.retort.artifact;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
