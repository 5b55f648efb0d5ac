package io.retort.serving;

import io.retort.web.Api;
import io.retort.web.RequiresScope;
import io.swagger.v3.oas.annotations.Hidden;
import org.springframework.boot.availability.ApplicationAvailability;
import org.springframework.boot.availability.ReadinessState;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;

/** The protocol's probes, which come without a key, as the orchestrator's own do. */
@Api
@Hidden
class ServingHealth {

  private final ApplicationAvailability availability;

  ServingHealth(ApplicationAvailability availability) {
    this.availability = availability;
  }

  record Live(boolean live) {}

  record Ready(boolean ready) {}

  @GetMapping(path = "/v2/health/live", produces = MediaType.APPLICATION_JSON_VALUE)
  @RequiresScope({})
  Live live() {
    return new Live(true);
  }

  @GetMapping(path = "/v2/health/ready", produces = MediaType.APPLICATION_JSON_VALUE)
  @RequiresScope({})
  ResponseEntity<Ready> ready() {
    boolean ready = availability.getReadinessState() == ReadinessState.ACCEPTING_TRAFFIC;
    return ResponseEntity.status(ready ? 200 : 503).body(new Ready(ready));
  }
}
