package io.retort.crash;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import tools.jackson.databind.JsonNode;

/**
 * Who got how much of the workers while everybody wanted them: of all jobs that ended before the
 * first tenant had none left that waited for its first attempt, how many were whose.
 */
final class Shares {

  private record Run(String tenant, Instant taken, Instant ended, int attempts) {}

  private final List<Run> runs = new ArrayList<>();

  void add(String tenant, JsonNode job, List<Attempt> attempts) {
    Instant ended = Instant.parse(job.at("/finishedAt").asString());
    runs.add(new Run(tenant, attempts.get(0).at(), ended, attempts.size()));
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

  private Map<String, Long> endedBefore(Instant time) {
    Map<String, Long> counts = new TreeMap<>();
    runs.forEach(run -> counts.putIfAbsent(run.tenant(), 0L));
    runs.stream()
        .filter(run -> run.ended().isBefore(time))
        .forEach(run -> counts.merge(run.tenant(), 1L, Long::sum));
    return counts;
  }

  /**
   * By how much of a fair share the tenant that got most or least is off; what is less than one job
   * is none.
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
        "%d jobs in %d attempts; all tenants waited for %d s, in which ended:"
            .formatted(
                runs.size(), runs.stream().mapToInt(Run::attempts).sum(), contended.toSeconds()));
    for (int quarter = 1; quarter <= 4; quarter++) {
      Instant time = firstTaken().plus(contended.multipliedBy(quarter).dividedBy(4));
      text.append("%n  after %d/4: %s".formatted(quarter, endedBefore(time)));
    }
    return text.toString();
  }
}
