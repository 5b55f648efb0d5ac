package io.retort.pipeline;

import io.retort.teacher.SoftTargets;
import java.nio.FloatBuffer;
import java.util.List;

/** Logits of a teacher in the order of the dataset's classes; the store keeps the teacher's own. */
final class OrderedTargets implements SoftTargets {

  private final SoftTargets own;
  private final int[] columns;

  private OrderedTargets(SoftTargets own, int[] columns) {
    this.own = own;
    this.columns = columns;
  }

  /** Returns the logits themselves where the order is the same already. */
  static SoftTargets of(SoftTargets own, List<String> teacherClasses, List<String> classes) {
    ClassOrder.checkKnown(teacherClasses, classes);
    return teacherClasses.equals(classes)
        ? own
        : new OrderedTargets(own, ClassOrder.columns(teacherClasses, classes));
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
    own.close();
  }
}
