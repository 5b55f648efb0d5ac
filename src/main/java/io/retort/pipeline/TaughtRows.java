package io.retort.pipeline;

import io.retort.teacher.SoftTargets;
import io.retort.training.TeacherTap;
import java.util.List;

/**
 * What a teacher says of a part of the data.
 *
 * @param logits in the order of the dataset's classes; closing them closes the taps too
 */
record TaughtRows(SoftTargets logits, List<TeacherTap> taps) implements AutoCloseable {

  @Override
  public void close() {
    logits.close();
  }
}
