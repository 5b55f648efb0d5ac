package io.retort.crash;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;
import tools.jackson.databind.JsonNode;

/**
 * Who got how much of the workers while everybody wanted them, until the first tenant had no job
 * left that waited for its first attempt. A worker is held from a job's taking to its end; one that
 * was killed, until its job is another's: only then does anybody know.
 */
final class Shares {

  private record Held(Instant from, Instant to) {

    Duration before(Instant time) {
      Instant end = to.isBefore(time) ? to : time;
      return end.isAfter(from) ? Duration.between(from, end) : Duration.ZERO;
    }
  }

  private record Run(String tenant, List<Held> held) {

    Instant taken() {
      return held.get(0).from();
    }

    Instant ended() {
      return held.get(held.size() - 1).to();
    }
  }

  private final List<Run> runs = new ArrayList<>();

  /**
   * @param givenBack when a worker gave the job back
   */
  void add(String tenant, JsonNode job, List<Attempt> attempts, List<Instant> givenBack) {
    List<Held> held = new ArrayList<>();
    for (int i = 0; i < attempts.size(); i++) {
      Instant from = attempts.get(i).at();
      Instant next =
          i + 1 < attempts.size()
              ? attempts.get(i + 1).at()
              : Instant.parse(job.at("/finishedAt").asString());
      Optional<Instant> left =
          givenBack.stream().filter(at -> at.isAfter(from) && at.isBefore(next)).findFirst();
      held.add(new Held(from, left.orElse(next)));
    }
    runs.add(new Run(tenant, held));
  }

  private Instant firstTaken() {
    return runs.stream().map(Run::taken).min(Comparator.naturalOrder()).orElseThrow();
  }

  /** When the first tenant's last job was taken. */
  private Instant end() {
    return runs.stream().collect(Collectors.groupingBy(Run::tenant)).values().stream()
        .map(own -> own.stream().map(Run::taken).max(Comparator.naturalOrder()).orElseThrow())
        .min(Comparator.naturalOrder())
        .orElseThrow();
  }

  private Map<String, Double> secondsBefore(Instant time) {
    Map<String, Double> seconds = new TreeMap<>();
    for (Run run : runs) {
      for (Held held : run.held()) {
        seconds.merge(run.tenant(), held.before(time).toMillis() / 1e3, Double::sum);
      }
    }
    return seconds;
  }

  private static Map<String, Long> rounded(Map<String, Double> seconds) {
    Map<String, Long> rounded = new TreeMap<>();
    seconds.forEach((tenant, held) -> rounded.put(tenant, Math.round(held)));
    return rounded;
  }

  private Map<String, Long> endedBefore(Instant time) {
    Map<String, Long> counts = new TreeMap<>();
    for (Run run : runs) {
      counts.merge(run.tenant(), run.ended().isBefore(time) ? 1L : 0L, Long::sum);
    }
    return counts;
  }

  /** Jobs that ended meanwhile. */
  long ended() {
    return endedBefore(end()).values().stream().mapToLong(Long::longValue).sum();
  }

  /** Seconds for which tenants held workers meanwhile. */
  Map<String, Long> heldSeconds() {
    return rounded(secondsBefore(end()));
  }

  /**
   * By how much of a fair share of the jobs that ended the tenant that got most or least is off;
   * what is less than one job is none.
   */
  double largestDeviation() {
    Map<String, Long> counts = endedBefore(end());
    double fair = counts.values().stream().mapToDouble(Long::doubleValue).average().orElseThrow();
    double off = counts.values().stream().mapToDouble(n -> Math.abs(n - fair)).max().orElseThrow();
    return off < 1 ? 0 : off / fair;
  }

  @Override
  public String toString() {
    Duration contended = Duration.between(firstTaken(), end());
    StringBuilder text = new StringBuilder();
    text.append(
        "%d jobs in %d attempts; all tenants waited for %d s, in which they held workers for seconds, and jobs ended:"
            .formatted(
                runs.size(),
                runs.stream().mapToInt(run -> run.held().size()).sum(),
                contended.toSeconds()));
    for (int quarter = 1; quarter <= 4; quarter++) {
      Instant time = firstTaken().plus(contended.multipliedBy(quarter).dividedBy(4));
      text.append(
          "%n  after %d/4: %s, %s"
              .formatted(quarter, rounded(secondsBefore(time)), endedBefore(time)));
    }
    return text.append("%n  jobs %.1f %% off at most".formatted(100 * largestDeviation()))
        .toString();
  }
}
