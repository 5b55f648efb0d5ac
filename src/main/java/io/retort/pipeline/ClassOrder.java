package io.retort.pipeline;

import io.retort.teacher.Tap;
import io.retort.teacher.Teacher;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.List;

/** A teacher whose logits are brought into the order of the dataset's classes, by name. */
final class ClassOrder implements Teacher {

  private final Teacher teacher;
  private final List<String> classes;
  private final int[] columns;
  private final FloatBuffer own;

  private ClassOrder(Teacher teacher, List<String> classes, int[] columns) {
    this.teacher = teacher;
    this.classes = classes;
    this.columns = columns;
    this.own =
        ByteBuffer.allocateDirect(teacher.maxBatch() * teacher.classes().size() * Float.BYTES)
            .order(ByteOrder.nativeOrder())
            .asFloatBuffer();
  }

  /** Returns the teacher itself where the order is the same already. */
  static Teacher of(Teacher teacher, List<String> classes) {
    checkKnown(teacher.classes(), classes, "/teacher");
    if (teacher.classes().equals(classes)) {
      return teacher;
    }
    return new ClassOrder(teacher, classes, columns(teacher.classes(), classes));
  }

  /** Where each class of the dataset stands among the teacher's. */
  static int[] columns(List<String> teacherClasses, List<String> classes) {
    return classes.stream().mapToInt(teacherClasses::indexOf).toArray();
  }

  /**
   * @param pointer of the teacher in the spec
   * @throws PipelineException naming the dataset's labels that the teacher does not know
   */
  static void checkKnown(List<String> teacherClasses, List<String> classes, String pointer) {
    List<String> unknown = new ArrayList<>(classes);
    unknown.removeAll(teacherClasses);
    if (!unknown.isEmpty()) {
      throw PipelineException.mismatch(
          "unknown_label",
          pointer,
          "The teacher does not know these labels of the dataset: "
              + shortened(unknown)
              + ". It knows: "
              + shortened(teacherClasses)
              + ". If it only calls them otherwise, name them in its `classes`, in its order.");
    }
  }

  static String shortened(List<String> names) {
    String listed = String.join(", ", names.subList(0, Math.min(10, names.size())));
    return names.size() > 10 ? listed + " and " + (names.size() - 10) + " more" : listed;
  }

  @Override
  public List<String> classes() {
    return classes;
  }

  /** Another order of the same numbers is another teacher; only {@link OrderedTargets} is kept. */
  @Override
  public String fingerprint() {
    throw new UnsupportedOperationException("soft targets are kept in the teacher's own order");
  }

  @Override
  public int columns() {
    return teacher.columns();
  }

  @Override
  public int maxBatch() {
    return teacher.maxBatch();
  }

  @Override
  public List<Tap> taps() {
    return teacher.taps();
  }

  @Override
  public void compute(FloatBuffer features, int rows, FloatBuffer logits, List<FloatBuffer> taps) {
    teacher.compute(features, rows, own, taps);
    int width = teacher.classes().size();
    int next = 0;
    for (int r = 0; r < rows; r++) {
      for (int column : columns) {
        logits.put(next++, own.get(r * width + column));
      }
    }
  }

  @Override
  public void close() {
    teacher.close();
  }
}
