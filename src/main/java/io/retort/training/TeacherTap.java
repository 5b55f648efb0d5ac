package io.retort.training;

import io.retort.teacher.SoftTargets;
import io.retort.teacher.Tap;
import java.util.List;

/**
 * A tensor of the teacher for every row of the training part.
 *
 * @param values the tap's numbers, channels first
 */
public record TeacherTap(Tap tap, SoftTargets values) {

  /** Memory that a training takes at most to keep what it computes once of every row of taps. */
  public static long keptBytes(List<Tap> taps, int rows) {
    long numbers = taps.stream().mapToLong(Tap::size).sum();
    return Math.min(TeacherRows.MOST_BYTES, numbers * rows * Float.BYTES);
  }
}
