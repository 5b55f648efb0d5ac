package io.retort.training;

/** Tells a listener of progress, some times a second at most. */
final class Pace {

  private static final long INTERVAL_NANOS = 200_000_000;

  private final TrainingListener listener;
  private final long planned;
  private long done;
  private long last = System.nanoTime();

  /**
   * @param done steps that were done before
   */
  Pace(TrainingListener listener, long planned, long done) {
    this.listener = listener;
    this.planned = planned;
    this.done = done;
  }

  void step() {
    done++;
    long now = System.nanoTime();
    if (now - last >= INTERVAL_NANOS) {
      last = now;
      listener.progress((double) done / planned);
    }
  }
}
