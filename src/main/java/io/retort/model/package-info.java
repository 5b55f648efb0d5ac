/** What a model is, apart from how it is computed, and the files it is kept in. */
@NullMarked
@ApplicationModule(allowedDependencies = {"spec"})
package io.retort.model;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
