package io.retort.web;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import org.springframework.http.HttpHeaders;
import org.springframework.web.HttpMediaTypeNotSupportedException;
import org.springframework.web.servlet.HandlerInterceptor;

/** Refuses bodies that say they are packed, which nothing here unpacks. */
final class PlainBodies implements HandlerInterceptor {

  @Override
  public boolean preHandle(HttpServletRequest request, HttpServletResponse response, Object handler)
      throws HttpMediaTypeNotSupportedException {
    String encoding = request.getHeader(HttpHeaders.CONTENT_ENCODING);
    if (encoding != null
        && request.getContentType() != null
        && !encoding.equalsIgnoreCase("identity")) {
      throw new HttpMediaTypeNotSupportedException("packed");
    }
    return true;
  }
}
