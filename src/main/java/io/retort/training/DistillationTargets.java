package io.retort.training;

import io.retort.teacher.SoftTargets;
import java.util.List;

/**
 * What the teacher says of the parts that a training sees.
 *
 * @param train logits
 * @param validation logits
 * @param taps further tensors of the training part, for terms that read features
 */
public record DistillationTargets(
    SoftTargets train, SoftTargets validation, List<TeacherTap> taps) {

  /** Logits alone. */
  public DistillationTargets(SoftTargets train, SoftTargets validation) {
    this(train, validation, List.of());
  }
}
