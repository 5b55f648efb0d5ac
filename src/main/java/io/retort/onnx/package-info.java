/** Students as ONNX files: written, quantised, and run in ONNX Runtime. */
@NullMarked
@ApplicationModule(allowedDependencies = {"spec", "dataset", "teacher"})
package io.retort.onnx;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
