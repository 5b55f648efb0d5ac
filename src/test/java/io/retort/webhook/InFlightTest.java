package io.retort.webhook;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Optional;
import org.junit.jupiter.api.Test;

class InFlightTest {

  @Test
  void oneTenantHasHalfOfTheThreadsAndTheOthersTheRest() {
    InFlight inFlight = new InFlight();
    Optional<Optional<Optional<Optional<Optional<String>>>>> nested =
        inFlight.during(
            "a",
            () ->
                inFlight.during(
                    "a",
                    () ->
                        inFlight.during(
                            "a",
                            () ->
                                inFlight.during(
                                    "a",
                                    () -> {
                                      assertThat(inFlight.during("b", () -> "other")).isPresent();
                                      return inFlight.during("a", () -> "one too many");
                                    }))));
    assertThat(nested.orElseThrow().orElseThrow().orElseThrow().orElseThrow()).isEmpty();
    assertThat(inFlight.during("a", () -> "free again")).contains("free again");
  }
}
