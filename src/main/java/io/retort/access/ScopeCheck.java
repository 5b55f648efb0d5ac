package io.retort.access;

import io.retort.web.Api;
import io.retort.web.RequiresScope;
import io.retort.web.Scope;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import org.springframework.security.core.Authentication;
import org.springframework.security.core.context.SecurityContextHolder;
import org.springframework.web.method.HandlerMethod;
import org.springframework.web.servlet.HandlerInterceptor;

/** Compares what an operation requires with what its caller may do, before anything is read. */
final class ScopeCheck implements HandlerInterceptor {

  private final boolean keysRequired;

  ScopeCheck(boolean keysRequired) {
    this.keysRequired = keysRequired;
  }

  @Override
  public boolean preHandle(
      HttpServletRequest request, HttpServletResponse response, Object handler) {
    if (handler instanceof HandlerMethod method
        && method.getBeanType().isAnnotationPresent(Api.class)) {
      RequiresScope required = method.getMethodAnnotation(RequiresScope.class);
      if (required != null) {
        check(required);
      } else if (keysRequired) {
        throw AccessException.noScope();
      }
    }
    return true;
  }

  private static void check(RequiresScope required) {
    Authentication authentication = SecurityContextHolder.getContext().getAuthentication();
    for (Scope scope : required.value()) {
      if (!(authentication instanceof Caller caller) || !caller.may(scope)) {
        throw AccessException.missingScope(scope);
      }
    }
  }
}
