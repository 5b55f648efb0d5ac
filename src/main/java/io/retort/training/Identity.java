package io.retort.training;

import io.retort.spec.Sha256;
import io.retort.spec.SpecReader;
import java.util.List;
import tools.jackson.databind.json.JsonMapper;

/** What tells trainings apart: two of one identity, on one machine, give the same numbers. */
final class Identity {

  private Identity() {}

  /**
   * @param data identifies rows, soft targets and where the network starts
   */
  static String of(TrainingTask task, String data) {
    JsonMapper json = SpecReader.mapper();
    String all =
        json.writeValueAsString(List.of(task.network(), task.objective(), task.spec(), data));
    return Sha256.of(all);
  }
}
