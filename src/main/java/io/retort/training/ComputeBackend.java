package io.retort.training;

import java.util.Properties;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.nativeblas.NativeOpsHolder;

/**
 * What computes the numbers.
 *
 * @param name such as {@code CPU} or {@code CUDA}
 * @param blas vendor of the linear algebra library
 * @param version of ND4J
 * @param instructionSet the best that the processor has and the libraries know
 */
public record ComputeBackend(String name, String blas, String version, String instructionSet) {

  /** Loads the native libraries if that has not happened yet, which takes a second or two. */
  public static ComputeBackend describe() {
    Properties facts = Nd4j.getExecutioner().getEnvironmentInformation();
    return new ComputeBackend(
        String.valueOf(facts.get("backend")),
        String.valueOf(facts.get("blas.vendor")),
        String.valueOf(Nd4j.class.getPackage().getImplementationVersion()),
        instructionSet(NativeOpsHolder.getInstance().getDeviceNativeOps().optimalLevel()));
  }

  /** The levels of ND4J's native library. */
  private static String instructionSet(int level) {
    return switch (level) {
      case 3 -> "AVX512";
      case 2 -> "AVX2";
      default -> "generic";
    };
  }
}
