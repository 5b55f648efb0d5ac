/** What all controllers share: problems, pages, the API description and the landing page. */
@NullMarked
@ApplicationModule(allowedDependencies = {"spec"})
package io.retort.web;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
