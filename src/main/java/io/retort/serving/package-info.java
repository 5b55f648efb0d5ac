/**
 * The registry's models over the Open Inference Protocol v2, so that they can be tried and taught
 * from.
 */
@NullMarked
@ApplicationModule(
    allowedDependencies = {
      "spec",
      "model",
      "model::foreign",
      "teacher",
      "training",
      "registry",
      "web"
    })
package io.retort.serving;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
