package io.retort.spec;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.swagger.v3.oas.annotations.media.Schema;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One thing that is wrong with a request.
 *
 * @param pointer JSON pointer (RFC 6901) to the field
 * @param value what was sent, shortened; null where nothing was
 * @param allowed the values that would be accepted, where they can be listed
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
@Schema(description = "One bad field.")
public record Violation(
    @Schema(example = "/objective/tau") String pointer,
    @Schema(example = "must be greater than 0") String message,
    @Schema(
            description = "What was sent: text, a number or a truth value",
            types = {"string", "number", "boolean"},
            example = "-1")
        @Nullable Object value,
    @Nullable List<String> allowed) {

  public static Violation of(String pointer, String message) {
    return new Violation(pointer, message, null, null);
  }
}
