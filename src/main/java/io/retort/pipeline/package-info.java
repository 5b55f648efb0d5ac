/** A whole job from spec to result, without Spring. */
@NullMarked
@ApplicationModule(
    allowedDependencies = {
      "spec",
      "dataset",
      "model",
      "model::foreign",
      "teacher",
      "targets",
      "training",
      "neighbours",
      "onnx",
      "evaluation"
    })
package io.retort.pipeline;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
