package io.retort.targets;

import io.retort.teacher.SoftTargets;
import java.util.Map;

/**
 * What a teacher gave for one part of a dataset.
 *
 * @param logits raw, in the teacher's own order of classes
 * @param taps by name, those that the teacher was opened with
 */
public record PartTargets(SoftTargets logits, Map<String, SoftTargets> taps) {

  public PartTargets {
    taps = Map.copyOf(taps);
  }
}
