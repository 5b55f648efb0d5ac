package io.retort.quickstart;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import tools.jackson.databind.json.JsonMapper;

class ComparisonTableTest {

  @Test
  void putsTheModelsSideBySide() {
    String table =
        ComparisonTable.of(
            JsonMapper.shared()
                .readTree(
                    """
                    {"verdict": "better", "pValue": 0.00123, "test": {"rows": 1000},
                     "teacher": {"accuracy": 0.9316, "agreement": 1, "parameters": 5210,
                                 "bytes": 31000},
                     "student": {"accuracy": 0.71, "agreement": 0.725, "parameters": 15210,
                                 "bytes": 65123},
                     "twin": null}
                    """));
    assertThat(table)
        .isEqualTo(
            """
                        accuracy  agreement  parameters       size
              teacher     93.2 %    100.0 %       5,210    31.0 kB
              student     71.0 %     72.5 %      15,210    65.1 kB

              Verdict: better (p = 0.00123 against the twin on 1,000 test rows): distillation helped.
            """
                .replace("\n            ", "\n"));
  }
}
