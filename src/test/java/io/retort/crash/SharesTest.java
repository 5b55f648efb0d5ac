package io.retort.crash;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Two tenants wait for 10 s: then the first one's last job is taken. */
class SharesTest {

  private static final Instant BEGIN = Instant.parse("2026-11-26T12:00:00Z");

  private final Shares shares = new Shares();

  @Test
  void aKilledWorkerIsHeldUntilTheJobIsAnothers() {
    shares.add("amber", endedAt(10), List.of(attempt(1, 0)), List.of());
    shares.add("amber", endedAt(20), List.of(attempt(1, 10)), List.of());
    shares.add("birch", endedAt(18), List.of(attempt(1, 0), attempt(2, 15)), List.of());
    shares.add("birch", endedAt(20), List.of(attempt(1, 18)), List.of());
    assertThat(shares.heldSeconds()).isEqualTo(Map.of("amber", 10L, "birch", 10L));
  }

  @Test
  void aWorkerThatGaveItsJobBackIsHeldUntilThen() {
    shares.add("amber", endedAt(10), List.of(attempt(1, 0)), List.of());
    shares.add("amber", endedAt(20), List.of(attempt(1, 10)), List.of());
    shares.add("birch", endedAt(18), List.of(attempt(1, 0), attempt(2, 15)), List.of(at(4)));
    shares.add("birch", endedAt(20), List.of(attempt(1, 18)), List.of());
    assertThat(shares.heldSeconds()).isEqualTo(Map.of("amber", 10L, "birch", 4L));
  }

  @Test
  void sharesAreOfTheJobsThatEndedWhileAllWaited() {
    for (int second = 0; second < 10; second += 2) {
      shares.add("amber", endedAt(second + 1), List.of(attempt(1, second)), List.of());
    }
    shares.add("amber", endedAt(20), List.of(attempt(1, 10)), List.of());
    shares.add("birch", endedAt(9), List.of(attempt(1, 0)), List.of());
    shares.add("birch", endedAt(30), List.of(attempt(1, 20)), List.of());
    assertThat(shares.ended()).isEqualTo(6);
    // 5 and 1, and 3 would be fair
    assertThat(shares.largestDeviation()).isCloseTo(2.0 / 3, within(1e-12));
  }

  private static Instant at(int second) {
    return BEGIN.plusSeconds(second);
  }

  private static Attempt attempt(int number, int second) {
    return new Attempt(number, "a-1-f", at(second));
  }

  private static JsonNode endedAt(int second) {
    return new JsonMapper().createObjectNode().put("finishedAt", at(second).toString());
  }
}
