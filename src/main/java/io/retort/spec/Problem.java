package io.retort.spec;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.swagger.v3.oas.annotations.media.Schema;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * An error as callers see it (RFC 9457), over HTTP and in the view of a failed job.
 *
 * @param code stable and machine-readable, in snake case
 * @param errors every bad field; empty where no field is at fault
 */
@JsonInclude(JsonInclude.Include.NON_EMPTY)
@Schema(description = "An error (RFC 9457).")
public record Problem(
    @Schema(example = "about:blank") String type,
    @Schema(example = "Bad Request") String title,
    @Schema(example = "400") int status,
    @Schema(example = "The request has one bad field; see `errors`.") String detail,
    @Schema(example = "/v1/jobs") @Nullable String instance,
    @Schema(example = "invalid_spec") String code,
    List<Violation> errors) {

  public Problem {
    errors = errors == null ? List.of() : List.copyOf(errors);
  }
}
