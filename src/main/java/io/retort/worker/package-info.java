/** Takes jobs from the queue, has the engine run them, and records what came of it. */
@NullMarked
@ApplicationModule(
    allowedDependencies = {
      "spec",
      "database",
      "job",
      "artifact",
      "registry",
      "pipeline",
      "model",
      "training",
      "web",
      "access"
    })
package io.retort.worker;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
