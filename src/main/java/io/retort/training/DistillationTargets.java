package io.retort.training;

import io.retort.neighbours.Neighbours;
import io.retort.teacher.SoftTargets;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What the teacher says of the parts that a training sees.
 *
 * @param train logits
 * @param validation logits
 * @param taps further tensors of the training part, for terms that read features
 * @param neighbours of the rows of the training part; null where batches are shuffled
 */
public record DistillationTargets(
    SoftTargets train,
    SoftTargets validation,
    List<TeacherTap> taps,
    @Nullable Neighbours neighbours) {

  /** Shuffled batches. */
  public DistillationTargets(SoftTargets train, SoftTargets validation, List<TeacherTap> taps) {
    this(train, validation, taps, null);
  }

  /** Logits alone. */
  public DistillationTargets(SoftTargets train, SoftTargets validation) {
    this(train, validation, List.of());
  }
}
