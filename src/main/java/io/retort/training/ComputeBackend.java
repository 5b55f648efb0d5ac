package io.retort.training;

import java.util.Properties;
import org.nd4j.linalg.factory.Nd4j;

/**
 * What computes the numbers.
 *
 * @param name such as {@code CPU} or {@code CUDA}
 * @param blas vendor of the linear algebra library
 * @param version of ND4J
 */
public record ComputeBackend(String name, String blas, String version) {

  public static ComputeBackend describe() {
    Properties facts = Nd4j.getExecutioner().getEnvironmentInformation();
    return new ComputeBackend(
        String.valueOf(facts.get("backend")),
        String.valueOf(facts.get("blas.vendor")),
        String.valueOf(Nd4j.class.getPackage().getImplementationVersion()));
  }
}
