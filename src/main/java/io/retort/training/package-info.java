/** Networks, objectives, the captured step, optimisers and the training loop. */
@NullMarked
@ApplicationModule(
    allowedDependencies = {
      "spec",
      "dataset",
      "model",
      "teacher",
      "kernel",
      "plan",
      "neighbours",
      "onnx"
    })
package io.retort.training;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
