package io.retort.worker;

/** A job needs more memory than this worker has left; another one, or a later time, has more. */
@SuppressWarnings("serial") // never leaves the process
final class NoRoomException extends RuntimeException {

  private final long bytes;

  NoRoomException(long bytes) {
    super("needs " + bytes + " bytes of memory", null, false, false);
    this.bytes = bytes;
  }

  long bytes() {
    return bytes;
  }
}
