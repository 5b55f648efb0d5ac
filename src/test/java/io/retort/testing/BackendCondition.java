package io.retort.testing;

import io.retort.training.ComputeBackend;
import org.junit.jupiter.api.extension.ConditionEvaluationResult;
import org.junit.jupiter.api.extension.ExecutionCondition;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.platform.commons.support.AnnotationSupport;

/** Looks for a device, once a JVM. */
final class BackendCondition implements ExecutionCondition {

  private static final boolean BUILT_FOR_CUDA =
      BackendCondition.class.getResource("/org/nd4j/linalg/jcublas/JCublasBackend.class") != null;

  private static String failure;

  @Override
  public ConditionEvaluationResult evaluateExecutionCondition(ExtensionContext context) {
    if (!BUILT_FOR_CUDA) {
      return ConditionEvaluationResult.enabled("built for the processor");
    }
    boolean cpu =
        AnnotationSupport.findAnnotation(context.getRequiredTestClass(), NeedsBackend.class)
            .map(NeedsBackend::cpu)
            .orElse(false);
    if (cpu) {
      return ConditionEvaluationResult.disabled(
          "built for CUDA; these kernels are the processor's");
    }
    String why = whyCudaDoesNotStart();
    return why.isEmpty()
        ? ConditionEvaluationResult.enabled("a device was found")
        : ConditionEvaluationResult.disabled(
            "built for CUDA, and ND4J finds no driver or device here (" + why + ")");
  }

  private static synchronized String whyCudaDoesNotStart() {
    if (failure == null) {
      failure = "";
      try {
        ComputeBackend.describe();
      } catch (RuntimeException | LinkageError e) {
        failure = e.toString();
      }
    }
    return failure;
  }
}
