package io.retort.targets;

import io.retort.dataset.Split;
import io.retort.spec.Precision;
import io.retort.teacher.Tap;
import io.retort.teacher.Teacher;
import io.retort.teacher.TeacherException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.List;

/** Rows on their way through a teacher: gathered, computed, checked, handed on. */
final class TeacherBatch {

  /** Most floats of one buffer, unless a single row has more. */
  private static final int MAX_FLOATS = 1 << 24;

  private final Teacher teacher;
  private final Precision precision;
  private final List<Integer> widths = new ArrayList<>();
  private final List<FloatBuffer> outputs = new ArrayList<>();
  private final FloatBuffer features;
  private final int[] positions;
  private final int[] ids;
  private int size;

  TeacherBatch(Teacher teacher, Precision precision) {
    this.teacher = teacher;
    this.precision = precision;
    widths.add(teacher.classes().size());
    teacher.taps().stream().map(Tap::size).forEach(widths::add);
    int widest = Math.max(teacher.columns(), widths.stream().max(Integer::compare).orElseThrow());
    int rows = Math.max(1, Math.min(teacher.maxBatch(), MAX_FLOATS / widest));
    positions = new int[rows];
    ids = new int[rows];
    features = direct(rows, teacher.columns());
    widths.forEach(width -> outputs.add(direct(rows, width)));
  }

  private static FloatBuffer direct(int rows, int width) {
    return ByteBuffer.allocateDirect(Math.multiplyExact(Math.multiplyExact(rows, width), 4))
        .order(ByteOrder.nativeOrder())
        .asFloatBuffer();
  }

  /** Adds a row, of the part that {@link #compute} will be given. */
  void add(int position, int id) {
    positions[size] = position;
    ids[size++] = id;
  }

  int size() {
    return size;
  }

  /** Most rows. */
  int capacity() {
    return ids.length;
  }

  boolean full() {
    return size == ids.length;
  }

  /**
   * Runs the teacher and adds what it gives; the batch is empty after this.
   *
   * @param into logits, then the taps
   * @throws TeacherException where a number cannot be kept
   */
  void compute(Split part, List<Output> into) throws IOException {
    part.gather(positions, 0, size, features);
    teacher.compute(features, size, outputs.get(0), outputs.subList(1, outputs.size()));
    for (int o = 0; o < outputs.size(); o++) {
      check(outputs.get(o), widths.get(o));
    }
    for (int o = 0; o < outputs.size(); o++) {
      for (int i = 0; i < size; i++) {
        into.get(o).append(ids[i], outputs.get(o), i);
      }
    }
    size = 0;
  }

  private void check(FloatBuffer values, int width) {
    for (int i = 0; i < size * width; i++) {
      float value = values.get(i);
      if (!Float.isFinite(value)) {
        throw TeacherException.notFinite(positions[i / width]);
      }
      if (precision == Precision.FLOAT16 && !Half.holds(value)) {
        throw TeacherException.tooLargeForHalf(value);
      }
    }
  }
}
