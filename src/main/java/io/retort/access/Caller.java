package io.retort.access;

import io.retort.web.Scope;
import java.util.Collection;
import java.util.EnumSet;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.security.authentication.AbstractAuthenticationToken;
import org.springframework.security.core.authority.SimpleGrantedAuthority;

/** Whoever a request comes from: their tenant, and what they may do. */
@SuppressWarnings("serial") // sessions are off, so nobody ever serialises it
final class Caller extends AbstractAuthenticationToken {

  private final String tenant;
  private final String name;
  private final @Nullable UUID key;
  private final Set<Scope> scopes;

  Caller(String tenant, String name, Collection<Scope> scopes) {
    this(tenant, name, scopes, null);
  }

  /**
   * @param key the API key's id; null for whoever came with none
   */
  Caller(String tenant, String name, Collection<Scope> scopes, @Nullable UUID key) {
    super(scopes.stream().map(s -> new SimpleGrantedAuthority(s.toString())).toList());
    this.tenant = tenant;
    this.name = name;
    this.key = key;
    this.scopes = Set.copyOf(scopes);
    setAuthenticated(true);
  }

  /** Anyone, on a service that asks for no key. */
  static Caller anyone() {
    return new Caller(Tenants.DEFAULT, "anyone", EnumSet.allOf(Scope.class));
  }

  String tenant() {
    return tenant;
  }

  /** Whether it is this key that the request came with. */
  boolean uses(UUID id) {
    return id.equals(key);
  }

  boolean may(Scope scope) {
    return scopes.contains(scope);
  }

  @Override
  public Object getPrincipal() {
    return name;
  }

  @Override
  public Object getCredentials() {
    return "";
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return this == other;
  }

  @Override
  public int hashCode() {
    return System.identityHashCode(this);
  }
}
