package io.retort.web;

/** The body is larger than the operation takes (413). */
public final class TooLargeException extends RuntimeException {
  public TooLargeException(String message) {
    super(message);
  }

  @Override
  public String getMessage() {
    return String.valueOf(super.getMessage());
  }
}
