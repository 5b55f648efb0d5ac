package io.retort.crash;

import java.time.Instant;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import tools.jackson.databind.JsonNode;

/** The beginning of an attempt, as a job's events tell it. */
record Attempt(int number, String worker, Instant at) {

  private static final Pattern BEGUN =
      Pattern.compile("Attempt (\\d+) started on worker (\\S+)\\.");

  static Optional<Attempt> of(JsonNode event) {
    Matcher begun = BEGUN.matcher(event.at("/message").asString());
    return begun.matches()
        ? Optional.of(
            new Attempt(
                Integer.parseInt(begun.group(1)),
                begun.group(2),
                Instant.parse(event.at("/at").asString())))
        : Optional.empty();
  }

  /** Whether it ran on the process; a worker's name ends with its process's id and a random one. */
  boolean ranOn(long pid) {
    return worker.matches(".*-" + pid + "-[0-9a-f]+");
  }
}
