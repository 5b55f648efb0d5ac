package io.retort.access;

import java.util.List;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Who may call.
 *
 * @param keysRequired whether every caller must send an API key
 * @param allowUnauthenticated lets a service that asks for no key listen beyond this machine
 * @param allowedOrigins origins whose web pages may call the service, as {@code
 *     https://tools.example.org}; none by default
 * @param tenantClaim the claim of an OIDC token that names the tenant
 * @param scopeClaim the claim of an OIDC token that lists scopes, in one string or a list
 */
@ConfigurationProperties("retort.access")
record AccessSettings(
    @DefaultValue("false") boolean keysRequired,
    @DefaultValue("false") boolean allowUnauthenticated,
    @DefaultValue List<String> allowedOrigins,
    @DefaultValue("tenant") String tenantClaim,
    @DefaultValue("scope") String scopeClaim) {

  AccessSettings {
    allowedOrigins = List.copyOf(allowedOrigins);
  }
}
