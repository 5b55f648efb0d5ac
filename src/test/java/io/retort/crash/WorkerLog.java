package io.retort.crash;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * What a worker's log says of jobs. Unlike events it is there at once, and not lost with the
 * worker.
 */
record WorkerLog(Path file) {

  private static final Pattern TURN =
      Pattern.compile("^(\\S+) .*: Job ([-0-9a-f]+)(?:| \\w+ ->):? (\\w+)(?: .*)?$");

  private record Turn(Instant at, Part to) {}

  /** Where a job turned to what, in order. */
  private List<Turn> turns(String job) throws IOException {
    List<Turn> turns = new ArrayList<>();
    if (Files.exists(file)) {
      try (Stream<String> lines = Files.lines(file)) {
        for (String line : (Iterable<String>) lines.filter(l -> l.contains(job))::iterator) {
          Matcher turn = TURN.matcher(line);
          if (turn.matches() && turn.group(2).equals(job)) {
            Instant at = OffsetDateTime.parse(turn.group(1)).toInstant();
            part(turn.group(3)).ifPresent(part -> turns.add(new Turn(at, part)));
          }
        }
      }
    }
    return turns;
  }

  /** Empty for what else is said of a job. */
  private static Optional<Part> part(String word) {
    return switch (word) {
      case "running" -> Optional.of(Part.PREPARING);
      case "succeeded", "failed" -> Optional.of(Part.ENDED);
      default ->
          Stream.of(Part.values())
              .filter(part -> part.name().equals(word.toUpperCase(Locale.ROOT)))
              .findAny();
    };
  }

  boolean reached(String job, Part part) throws IOException {
    return turns(job).stream().anyMatch(turn -> turn.to().compareTo(part) >= 0);
  }

  /** What the job was at; queued where the log does not know it yet. */
  Part at(String job, Instant moment) throws IOException {
    Part at = Part.QUEUED;
    for (Turn turn : turns(job)) {
      if (!turn.at().isAfter(moment)) {
        at = turn.to();
      }
    }
    return at;
  }

  /** How long the parts of a job took that went through them once. */
  Map<Part, Duration> lengths(String job, Instant submitted) throws IOException {
    Map<Part, Duration> lengths = new EnumMap<>(Part.class);
    Part part = Part.QUEUED;
    Instant since = submitted;
    for (Turn turn : turns(job)) {
      lengths.merge(part, Duration.between(since, turn.at()), Duration::plus);
      part = turn.to();
      since = turn.at();
    }
    return lengths;
  }
}
