package io.retort.access;

import io.github.bucket4j.Bucket;
import io.github.bucket4j.ConsumptionProbe;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.springframework.web.filter.OncePerRequestFilter;

/** Slows a tenant down that asks faster than it may: a token bucket each. */
final class RateLimit extends OncePerRequestFilter {

  private static final int BURST_SECONDS = 10;

  private final int perSecond;
  private final TurnedAway turnedAway;
  private final Map<String, Bucket> buckets = new ConcurrentHashMap<>();

  RateLimit(int perSecond, TurnedAway turnedAway) {
    this.perSecond = perSecond;
    this.turnedAway = turnedAway;
  }

  @Override
  protected void doFilterInternal(
      HttpServletRequest request, HttpServletResponse response, FilterChain chain)
      throws ServletException, IOException {
    Optional<String> tenant = Tenants.ifAny();
    if (tenant.isPresent()) {
      ConsumptionProbe probe =
          buckets.computeIfAbsent(tenant.get(), t -> bucket()).tryConsumeAndReturnRemaining(1);
      if (!probe.isConsumed()) {
        long seconds = Duration.ofNanos(probe.getNanosToWaitForRefill()).toSeconds() + 1;
        turnedAway.tooMany(request, response, seconds);
        return;
      }
    }
    chain.doFilter(request, response);
  }

  private Bucket bucket() {
    return Bucket.builder()
        .addLimit(
            limit ->
                limit
                    .capacity((long) perSecond * BURST_SECONDS)
                    .refillGreedy(perSecond, Duration.ofSeconds(1)))
        .build();
  }
}
