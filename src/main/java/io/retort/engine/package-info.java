/** Composes the plain engine from the service's settings and hands it to those who need it. */
@NullMarked
@ApplicationModule(
    allowedDependencies = {
      "spec",
      "outgoing",
      "dataset",
      "model",
      "targets",
      "teacher",
      "model::foreign",
      "training",
      "pipeline",
      "database",
      "artifact",
      "access",
      "registry",
      "job",
      "worker",
      "system",
      "web"
    })
package io.retort.engine;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
