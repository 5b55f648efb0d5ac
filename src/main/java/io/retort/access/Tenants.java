package io.retort.access;

import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.springframework.security.core.context.SecurityContext;
import org.springframework.security.core.context.SecurityContextHolder;

/**
 * For whom the present thread works. Everything that is kept belongs to a tenant; what belongs to
 * another one does not exist for it.
 */
public final class Tenants {

  /** Whom everything belongs to on a service that asks for no key. */
  public static final String DEFAULT = "default";

  private Tenants() {}

  /**
   * The tenant of the request or job that this thread works on.
   *
   * @throws IllegalStateException on a thread that works for nobody: it must not see anything
   */
  public static String current() {
    return ifAny().orElseThrow(() -> new IllegalStateException("this thread has no tenant"));
  }

  /** As {@link #current}, where there may be none. */
  public static Optional<String> ifAny() {
    return SecurityContextHolder.getContext().getAuthentication() instanceof Caller caller
        ? Optional.of(caller.tenant())
        : Optional.empty();
  }

  /** Does some work for a tenant, as a worker does a job. */
  public static <T> T acting(String tenant, Supplier<T> work) {
    SecurityContext before = SecurityContextHolder.getContext();
    SecurityContext own = SecurityContextHolder.createEmptyContext();
    own.setAuthentication(new Caller(tenant, "worker", List.of()));
    SecurityContextHolder.setContext(own);
    try {
      return work.get();
    } finally {
      SecurityContextHolder.setContext(before);
    }
  }
}
