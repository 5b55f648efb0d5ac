/** Models of the registry that answer requests, by the Open Inference Protocol v2. */
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
