package io.retort.testing;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * A test that computes with ND4J. Built for CUDA it is skipped where there is no device; built for
 * the processor it always runs, as natives that do not load are a defect there.
 */
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
@ExtendWith(BackendCondition.class)
public @interface NeedsBackend {

  /** Whether it tests kernels that only a processor has. */
  boolean cpu() default false;
}
