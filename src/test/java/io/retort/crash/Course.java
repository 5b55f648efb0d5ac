package io.retort.crash;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import tools.jackson.databind.JsonNode;

/** What a job's events and metrics say of how it was run. */
final class Course {

  private Course() {}

  /** What an undisturbed job did, step by step, without the numbers. */
  static List<String> steps(Api api, String job) throws Exception {
    List<JsonNode> events = api.list("/v1/jobs/" + job + "/events");
    assertThat(Attempt.of(events.get(0))).isPresent();
    List<String> steps = events.stream().skip(1).map(Course::step).toList();
    assertThat(steps).doesNotHaveDuplicates().isNotEmpty();
    return steps;
  }

  private static String step(JsonNode event) {
    return event.at("/message").asString().split("\\d", 2)[0];
  }

  /**
   * One attempt after the other: each says that it began, once, and until the next one does only
   * that one speaks: what it says are the undisturbed job's first steps in their order, each once,
   * and those of the last attempt are all of them. Two that spoke at once would say a step twice,
   * or one that was not due. Times must not run back into an attempt that is over, and the points
   * of the curves must all be the last one's.
   *
   * @param steps of the job when nobody disturbed it
   */
  static void check(Api api, String job, List<String> steps) throws Exception {
    List<JsonNode> events = api.list("/v1/jobs/" + job + "/events");
    List<Integer> attempts = new ArrayList<>();
    List<String> said = new ArrayList<>();
    Instant begun = Instant.MIN;
    for (JsonNode event : events) {
      Instant at = Instant.parse(event.at("/at").asString());
      assertThat(at).as("%s of %s", event, events).isAfterOrEqualTo(begun);
      if (Attempt.of(event).isPresent()) {
        attempts.add(Attempt.of(event).get().number());
        begun = at;
        said.clear();
      } else if (steps.contains(step(event))) {
        said.add(step(event));
        assertThat(steps).as("%s of %s", event, events).startsWith(said.toArray(String[]::new));
      }
    }
    assertThat(said).as(events.toString()).isEqualTo(steps);
    assertThat(attempts)
        .containsExactlyElementsOf(
            IntStream.rangeClosed(1, api.job(job).at("/attempt").asInt()).boxed().toList());
    for (JsonNode metric : api.metrics(job)) {
      assertThat(Instant.parse(metric.at("/at").asString())).isAfterOrEqualTo(begun);
    }
  }
}
