package io.retort.web;

import io.retort.spec.Fault;
import io.retort.spec.RetortException;
import io.retort.spec.Violation;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A request whose parameters cannot be used. */
public final class RequestException extends RetortException {

  private RequestException(String code, String message, List<Violation> violations) {
    super(Fault.REQUEST, code, message, violations);
  }

  /**
   * A bad query parameter.
   *
   * @param rule what would be accepted, as the end of "must be ..."
   */
  public static RequestException parameter(String name, @Nullable Object value, String rule) {
    Violation violation = new Violation("/" + name, "must be " + rule, value, null);
    return new RequestException(
        "invalid_parameter",
        "Parameter `" + name + "` is `" + value + "`, but must be " + rule + ".",
        List.of(violation));
  }

  static RequestException empty(String name) {
    return new RequestException(
        "invalid_parameter",
        "Parameter `" + name + "` is empty; give it a value or leave it out.",
        List.of(new Violation("/" + name, "must not be empty", "", null)));
  }

  static RequestException unknown(String name, List<String> known) {
    String rule = known.isEmpty() ? "it takes none" : "it takes " + String.join(", ", known);
    return new RequestException(
        "unknown_parameter",
        "This operation has no parameter `" + name + "`; " + rule + ".",
        List.of(new Violation("/" + name, "is not known", null, known)));
  }
}
