package io.retort.crash;

import java.util.List;
import java.util.stream.Stream;

/** Which part of which job a blow is for. */
record Aim(int spec, Part part) {

  private static final List<Part> PARTS =
      Stream.of(Part.values()).filter(part -> part != Part.ENDED).toList();

  /** Prime to the number of parts: a few blows are spread over all of a job. */
  private static final int STRIDE = 3;

  /** The first blow of all is for the training of a student. */
  private static final int FIRST = Part.TRAINING.ordinal();

  /** The last one alone seeks neighbours. */
  private static final int WITH_NEIGHBOURS = 2;

  /**
   * All parts come before one comes again, each time with another job.
   *
   * @param turn from 1
   */
  static Aim of(int turn, int specs) {
    Part part = PARTS.get((FIRST + STRIDE * (turn - 1)) % PARTS.size());
    int spec = part == Part.NEIGHBOURS ? WITH_NEIGHBOURS : (turn - 1) % specs;
    return new Aim(Math.min(spec, specs - 1), part);
  }
}
