package io.retort.access;

import io.retort.web.DatabaseLoss;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import org.springframework.dao.DataAccessException;
import org.springframework.http.HttpHeaders;
import org.springframework.security.core.context.SecurityContext;
import org.springframework.security.core.context.SecurityContextHolder;
import org.springframework.security.web.context.RequestAttributeSecurityContextRepository;
import org.springframework.security.web.context.SecurityContextRepository;
import org.springframework.web.filter.OncePerRequestFilter;

/** Finds out from the key who calls. A key is looked at even where none is required. */
final class ApiKeyFilter extends OncePerRequestFilter {

  private static final String BEARER = "bearer ";

  private final AccessSettings settings;
  private final ApiKeys keys;
  private final LoopbackNames names;
  private final TurnedAway turnedAway;
  private final SecurityContextRepository contexts =
      new RequestAttributeSecurityContextRepository();

  ApiKeyFilter(AccessSettings settings, ApiKeys keys, LoopbackNames names, TurnedAway turnedAway) {
    this.settings = settings;
    this.keys = keys;
    this.names = names;
    this.turnedAway = turnedAway;
  }

  @Override
  protected void doFilterInternal(
      HttpServletRequest request, HttpServletResponse response, FilterChain chain)
      throws ServletException, IOException {
    String token = token(request.getHeader(HttpHeaders.AUTHORIZATION));
    try {
      if (token != null && token.startsWith(KeyText.PREFIX)) {
        Caller caller = keys.caller(token).orElse(null);
        if (caller == null) {
          turnedAway.unauthenticated(
              request, response, "unknown_key", "The API key is unknown or was revoked.");
          return;
        }
        enter(caller, request, response);
      } else if (!settings.keysRequired() && isNobody()) {
        if (!names.contain(request.getServerName())) {
          turnedAway.strangeHost(request, response);
          return;
        }
        enter(Caller.anyone(), request, response);
      }
    } catch (AccessException expired) {
      turnedAway.unauthenticated(request, response, expired.code(), expired.getMessage());
      return;
    } catch (DataAccessException e) {
      if (!DatabaseLoss.isCauseOf(e)) {
        throw e;
      }
      turnedAway.databaseAway(request, response);
      return;
    }
    chain.doFilter(request, response);
  }

  /** Another filter may have known the caller by an OIDC token. */
  private static boolean isNobody() {
    return SecurityContextHolder.getContext().getAuthentication() == null;
  }

  private void enter(Caller caller, HttpServletRequest request, HttpServletResponse response) {
    SecurityContext context = SecurityContextHolder.createEmptyContext();
    context.setAuthentication(caller);
    SecurityContextHolder.setContext(context);
    contexts.saveContext(context, request, response);
  }

  private static @Nullable String token(@Nullable String header) {
    return header != null && header.toLowerCase(Locale.ROOT).startsWith(BEARER)
        ? header.substring(BEARER.length()).strip()
        : null;
  }
}
