package io.retort.training;

import io.retort.kernel.OneDnn;
import java.io.IOException;
import java.io.InputStream;
import java.util.Properties;
import org.nd4j.linalg.api.buffer.DataType;
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
        nd4jVersion(),
        instructionSet(NativeOpsHolder.getInstance().getDeviceNativeOps().optimalLevel()));
  }

  /** Whether captured plans of a data type may run kernels of {@link OneDnn}. */
  static boolean rewrites(DataType type) {
    return type == DataType.FLOAT && onCpu();
  }

  /** Whether the processor computes, rather than a device that the host hands work to. */
  static boolean onCpu() {
    return "CPU".equals(describe().name());
  }

  /** ND4J's jars say their version only in what Maven left in them. */
  private static String nd4jVersion() {
    Properties pom = new Properties();
    try (InputStream in =
        Nd4j.class.getResourceAsStream("/META-INF/maven/org.nd4j/nd4j-api/pom.properties")) {
      if (in != null) {
        pom.load(in);
      }
    } catch (IOException e) {
      // unknown, as where there is none
    }
    return pom.getProperty("version", "unknown");
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
