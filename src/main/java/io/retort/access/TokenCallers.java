package io.retort.access;

import io.retort.web.Scope;
import java.util.Collection;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.springframework.core.convert.converter.Converter;
import org.springframework.security.authentication.AbstractAuthenticationToken;
import org.springframework.security.oauth2.jwt.Jwt;
import org.springframework.security.oauth2.server.resource.InvalidBearerTokenException;

/** Reads from an OIDC token, whose signature was checked, who calls. */
final class TokenCallers implements Converter<Jwt, AbstractAuthenticationToken> {

  private static final Pattern TENANT = Pattern.compile("[a-z0-9][a-z0-9-]{0,62}");

  private final AccessSettings settings;

  TokenCallers(AccessSettings settings) {
    this.settings = settings;
  }

  @Override
  public AbstractAuthenticationToken convert(Jwt token) {
    Object tenant = token.getClaims().get(settings.tenantClaim());
    if (!(tenant instanceof String name) || !TENANT.matcher(name).matches()) {
      throw new InvalidBearerTokenException("the token names no tenant");
    }
    Stream<String> names = words(token.getClaims().get(settings.scopeClaim()));
    List<Scope> scopes = names.flatMap(text -> Scope.of(text).stream()).toList();
    return new Caller(name, String.valueOf(token.getSubject()), scopes);
  }

  private static Stream<String> words(@org.jspecify.annotations.Nullable Object claim) {
    return claim instanceof Collection<?> list
        ? list.stream().map(String::valueOf)
        : Stream.of(String.valueOf(claim).split(" "));
  }
}
