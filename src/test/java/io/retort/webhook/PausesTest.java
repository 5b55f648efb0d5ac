package io.retort.webhook;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Optional;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class PausesTest {

  private final Pauses pauses = new Pauses(Duration.ofSeconds(5), new Random(7));

  @Test
  void growFourfoldUpToADayAndNeverInStep() {
    long[] seconds = {5, 20, 80, 320, 1280, 5120, 20480, 81920, 86400, 86400};
    for (int i = 0; i < seconds.length; i++) {
      int attempts = i + 1;
      long exact = seconds[i] * 1000;
      assertThat(Stream.generate(() -> pauses.after(attempts, Duration.ZERO).toMillis()).limit(200))
          .allMatch(millis -> millis >= exact * 8 / 10 && millis <= exact * 12 / 10)
          .anyMatch(millis -> millis < exact * 9 / 10)
          .anyMatch(millis -> millis > exact * 11 / 10);
    }
  }

  @Test
  void heedsAReceiverThatAsksForTimeUpToADay() {
    assertThat(pauses.after(1, Duration.ofMinutes(10))).isEqualTo(Duration.ofMinutes(10));
    assertThat(pauses.after(1, Duration.ofDays(7))).isEqualTo(Duration.ofDays(1));
    assertThat(pauses.after(9, Duration.ofSeconds(1))).isGreaterThan(Duration.ofHours(19));
  }

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
