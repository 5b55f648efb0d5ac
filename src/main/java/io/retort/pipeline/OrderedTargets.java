package io.retort.pipeline;

import io.retort.targets.LabelledParts;
import io.retort.teacher.SoftTargets;
import java.nio.FloatBuffer;
import java.util.List;

/**
 * Logits of a teacher in the order of the dataset's classes; the store keeps the teacher's own
 * order, and keeps them until this is closed.
 */
final class OrderedTargets implements SoftTargets {

  private final LabelledParts labelled;
  private final SoftTargets own;
  private final int[] columns;
  private final boolean sameOrder;

  private OrderedTargets(LabelledParts labelled, int[] columns, boolean sameOrder) {
    this.labelled = labelled;
    this.own = labelled.part(0).logits();
    this.columns = columns;
    this.sameOrder = sameOrder;
  }

  /**
   * @param labelled one part; closed with the result
   */
  static SoftTargets of(LabelledParts labelled, List<String> teacherClasses, List<String> classes) {
    return new OrderedTargets(
        labelled, ClassOrder.columns(teacherClasses, classes), teacherClasses.equals(classes));
  }

  @Override
  public int size() {
    return own.size();
  }

  @Override
  public int width() {
    return columns.length;
  }

  @Override
  public void gather(int[] positions, int from, int count, FloatBuffer into) {
    if (sameOrder) {
      own.gather(positions, from, count, into);
      return;
    }
    FloatBuffer rows = FloatBuffer.allocate(count * own.width());
    own.gather(positions, from, count, rows);
    for (int i = 0; i < count; i++) {
      for (int c = 0; c < columns.length; c++) {
        into.put(i * columns.length + c, rows.get(i * own.width() + columns[c]));
      }
    }
  }

  @Override
  public void close() {
    labelled.close();
  }
}
