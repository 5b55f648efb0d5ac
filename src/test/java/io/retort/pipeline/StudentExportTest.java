package io.retort.pipeline;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class StudentExportTest {

  @Test
  void keepsAFileThatDiffersByRoundingOnly() {
    assertThatCode(() -> StudentExport.check(1e-4)).doesNotThrowAnyException();
  }

  @Test
  void refusesAFileThatComputesSomethingElse() {
    for (double difference : new double[] {1.01e-4, Double.POSITIVE_INFINITY, Double.NaN}) {
      assertThatThrownBy(() -> StudentExport.check(difference))
          .extracting("code")
          .isEqualTo("onnx_differs");
    }
  }
}
