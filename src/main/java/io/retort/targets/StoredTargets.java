package io.retort.targets;

import io.retort.teacher.SoftTargets;
import java.nio.FloatBuffer;

/**
 * Soft targets in segments.
 *
 * @param places segment and row by position, as {@link Output#place} packs them
 */
record StoredTargets(int width, long[] places, Segment[] segments) implements SoftTargets {

  @Override
  public int size() {
    return places.length;
  }

  @Override
  public void gather(int[] positions, int from, int count, FloatBuffer into) {
    for (int i = 0; i < count; i++) {
      long place = places[positions[from + i]];
      segments[Output.segment(place)].read(Output.row(place), into, i * width);
    }
  }

  /** The lease belongs to {@link LabelledParts}. */
  @Override
  public void close() {}
}
