package io.retort.system;

import io.retort.spec.Methods;
import io.retort.web.Api;
import io.retort.web.MayFail;
import io.retort.web.RequiresScope;
import io.retort.web.Scope;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.tags.Tag;
import java.util.List;
import org.springframework.http.MediaType;
import org.springframework.web.bind.annotation.GetMapping;

@Api
@Tag(name = "Methods", description = "The methods of distillation.")
class MethodController {

  @GetMapping(path = "/v1/methods", produces = MediaType.APPLICATION_JSON_VALUE)
  @RequiresScope(Scope.JOBS_READ)
  @Operation(
      operationId = "listMethods",
      summary = "List the methods of distillation",
      description =
          "Every term that `objective.terms` may hold: its formula and paper, what it reads, its"
              + " parameters with defaults and ranges.")
  @MayFail(503)
  List<Methods.Description> list() {
    return Methods.all();
  }
}
