/** Students as ONNX files: written, and run in ONNX Runtime. */
@NullMarked
@ApplicationModule(allowedDependencies = {"spec"})
package io.retort.onnx;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
