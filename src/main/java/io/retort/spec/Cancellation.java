package io.retort.spec;

/** Asked between steps of long work whether to go on. */
@FunctionalInterface
public interface Cancellation {

  /** Work that nobody can cancel. */
  Cancellation NONE = () -> false;

  /** True once the caller wants the work to end; cheap, and safe to call from any thread. */
  boolean requested();

  /**
   * Ends the work if that was asked for.
   *
   * @throws CancelledException when it was
   */
  default void check() {
    if (requested()) {
      throw new CancelledException();
    }
  }

  /** Work ended because its owner asked for it; not a failure. */
  final class CancelledException extends RetortException {
    public CancelledException() {
      super(Fault.CONFLICT, "cancelled", "The job was cancelled.");
    }
  }
}
