package io.retort.engine;

import io.retort.teacher.RemoteToken;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;

/**
 * What remote teachers ask for.
 *
 * @param tokens by the names that jobs call them
 */
@ConfigurationProperties("retort.teachers")
record TeacherSettings(@Nullable Map<String, Token> tokens) {

  /**
   * @param origin as {@code https://triton.example.com:8443}, the only one it is sent to
   */
  record Token(String origin, String token) {
    @Override
    public String toString() {
      return "a token for " + origin;
    }
  }

  Map<String, RemoteToken> remoteTokens() {
    Map<String, RemoteToken> result = new HashMap<>();
    if (tokens != null) {
      tokens.forEach((name, t) -> result.put(name, RemoteToken.of(name, t.origin(), t.token())));
    }
    return result;
  }
}
