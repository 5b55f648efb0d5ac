package io.retort.testing;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.RSASSASigner;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jose.jwk.gen.RSAKeyGenerator;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Date;
import java.util.Map;
import org.springframework.boot.test.util.TestPropertyValues;
import org.springframework.context.ApplicationContextInitializer;
import org.springframework.context.ConfigurableApplicationContext;

/** An OIDC issuer on the loopback interface, which the service under test is told to believe. */
public final class Issuer implements ApplicationContextInitializer<ConfigurableApplicationContext> {

  private static final RSAKey KEY = key();
  private static final String URI = start();

  @Override
  public void initialize(ConfigurableApplicationContext context) {
    TestPropertyValues.of("spring.security.oauth2.resourceserver.jwt.issuer-uri=" + URI)
        .applyTo(context);
  }

  /** A signed token of this issuer. */
  public static String token(Instant expires, Map<String, Object> claims) {
    return token(KEY, expires, claims);
  }

  /** A token that says the same, signed by somebody else. */
  public static String forged(Instant expires, Map<String, Object> claims) {
    return token(key(), expires, claims);
  }

  private static String token(RSAKey key, Instant expires, Map<String, Object> claims) {
    JWTClaimsSet.Builder set =
        new JWTClaimsSet.Builder()
            .issuer(URI)
            .subject("someone")
            .expirationTime(Date.from(expires));
    claims.forEach(set::claim);
    SignedJWT token =
        new SignedJWT(new JWSHeader.Builder(JWSAlgorithm.RS256).keyID("k").build(), set.build());
    try {
      token.sign(new RSASSASigner(key));
    } catch (JOSEException e) {
      throw new AssertionError(e);
    }
    return token.serialize();
  }

  private static RSAKey key() {
    try {
      return new RSAKeyGenerator(2048).keyID("k").generate();
    } catch (JOSEException e) {
      throw new AssertionError(e);
    }
  }

  private static String start() {
    try {
      HttpServer server = HttpServer.create(new InetSocketAddress("127.0.0.1", 0), 0);
      String uri = "http://127.0.0.1:" + server.getAddress().getPort();
      answer(
          server,
          "/.well-known/openid-configuration",
          "{\"issuer\": \"%s\", \"jwks_uri\": \"%s/keys\", \"subject_types_supported\": [\"public\"]}"
              .formatted(uri, uri));
      answer(server, "/keys", new JWKSet(KEY.toPublicJWK()).toString());
      server.start();
      return uri;
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  private static void answer(HttpServer server, String path, String json) {
    byte[] body = json.getBytes(StandardCharsets.UTF_8);
    server.createContext(
        path,
        exchange -> {
          exchange.getResponseHeaders().set("Content-Type", "application/json");
          exchange.sendResponseHeaders(200, body.length);
          exchange.getResponseBody().write(body);
          exchange.close();
        });
  }
}
