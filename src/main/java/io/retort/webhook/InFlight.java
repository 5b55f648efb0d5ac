package io.retort.webhook;

import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;

/** Keeps one tenant's slow receivers from taking every thread of this process. */
final class InFlight {

  /** Of one tenant at once; half of the threads there are. */
  private static final int MOST = 4;

  private final Map<String, Integer> byTenant = new ConcurrentHashMap<>();

  /** Empty, and nothing was done, while as much as may be is under way for the tenant. */
  <T> Optional<T> during(String tenant, Supplier<T> work) {
    if (byTenant.merge(tenant, 1, Integer::sum) > MOST) {
      leave(tenant);
      return Optional.empty();
    }
    try {
      return Optional.of(work.get());
    } finally {
      leave(tenant);
    }
  }

  private void leave(String tenant) {
    byTenant.computeIfPresent(tenant, (key, count) -> count > 1 ? count - 1 : null);
  }
}
