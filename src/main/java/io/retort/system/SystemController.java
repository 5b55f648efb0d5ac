package io.retort.system;

import io.retort.web.Api;
import io.retort.web.MayFail;
import io.retort.web.RequiresScope;
import io.retort.web.Scope;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.tags.Tag;
import org.springframework.http.MediaType;
import org.springframework.web.bind.annotation.GetMapping;

@Api
@Tag(name = "System", description = "What runs here.")
class SystemController {

  private final SystemStatus status;

  SystemController(SystemStatus status) {
    this.status = status;
  }

  @GetMapping(path = "/v1/system", produces = MediaType.APPLICATION_JSON_VALUE)
  @RequiresScope(Scope.METRICS_READ)
  @Operation(
      operationId = "getSystem",
      summary = "Get the system's state",
      description = "Version, backend, workers and queue of the whole installation.")
  @MayFail(503)
  SystemStatus.View get() {
    return status.now();
  }
}
