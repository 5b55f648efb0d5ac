package io.retort.training;

import io.retort.model.ModelDefinition;
import io.retort.spec.ObjectiveSpec;
import io.retort.spec.Sha256;
import io.retort.spec.SpecReader;
import io.retort.spec.TrainingSpec;
import java.util.List;
import tools.jackson.databind.json.JsonMapper;

/** What tells trainings apart: two of one identity, on one machine, give the same numbers. */
final class Identity {

  private Identity() {}

  /**
   * @param data identifies rows and soft targets
   */
  static String of(
      ModelDefinition definition, ObjectiveSpec objective, TrainingSpec spec, String data) {
    JsonMapper json = SpecReader.mapper();
    String all = json.writeValueAsString(List.of(definition, objective, spec, data));
    return Sha256.of(all);
  }
}
