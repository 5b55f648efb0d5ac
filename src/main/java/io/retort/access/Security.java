package io.retort.access;

import jakarta.servlet.DispatcherType;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.security.config.annotation.web.builders.HttpSecurity;
import org.springframework.security.config.annotation.web.configurers.AbstractHttpConfigurer;
import org.springframework.security.config.annotation.web.configurers.HeadersConfigurer;
import org.springframework.security.config.http.SessionCreationPolicy;
import org.springframework.security.oauth2.jwt.JwtDecoder;
import org.springframework.security.oauth2.server.resource.web.DefaultBearerTokenResolver;
import org.springframework.security.web.SecurityFilterChain;
import org.springframework.security.web.access.intercept.AuthorizationFilter;
import org.springframework.security.web.authentication.AnonymousAuthenticationFilter;
import org.springframework.security.web.firewall.HttpFirewall;
import org.springframework.security.web.firewall.StrictHttpFirewall;
import org.springframework.security.web.header.writers.ReferrerPolicyHeaderWriter.ReferrerPolicy;
import org.springframework.web.filter.CorsFilter;
import org.springframework.web.servlet.config.annotation.InterceptorRegistry;
import org.springframework.web.servlet.config.annotation.WebMvcConfigurer;

/** The order in which a request is looked at: origin, key, rate, scope. */
@Configuration(proxyBeanMethods = false)
class Security implements WebMvcConfigurer {

  /** What a browser or an orchestrator needs before it can send a key; none of it is secret. */
  private static final String[] PUBLIC = {
    "/",
    "/error",
    "/favicon.ico",
    "/swagger-ui.html",
    "/swagger-ui/**",
    "/v3/api-docs",
    "/v3/api-docs.yaml",
    "/v3/api-docs/**",
    "/actuator/health",
    "/actuator/health/**"
  };

  private static final String PAGE_RULES =
      "default-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:;"
          + " object-src 'none'; base-uri 'none'; frame-ancestors 'none'";

  private final AccessSettings settings;

  Security(AccessSettings settings) {
    this.settings = settings;
  }

  @Override
  public void addInterceptors(InterceptorRegistry registry) {
    registry.addInterceptor(new ScopeCheck(settings.keysRequired())).order(-1);
  }

  /** A method that nothing here knows is answered with 405 like any other that does not fit. */
  @Bean
  HttpFirewall firewall() {
    StrictHttpFirewall firewall = new StrictHttpFirewall();
    firewall.setUnsafeAllowAnyHttpMethod(true);
    return firewall;
  }

  @Bean
  SecurityFilterChain requests(
      HttpSecurity http,
      ApiKeys keys,
      LoopbackNames names,
      TurnedAway turnedAway,
      QuotaSettings quota,
      ObjectProvider<JwtDecoder> tokens) {
    http.csrf(AbstractHttpConfigurer::disable) // no cookies, so nothing that a page could borrow
        .httpBasic(AbstractHttpConfigurer::disable)
        .formLogin(AbstractHttpConfigurer::disable)
        .logout(AbstractHttpConfigurer::disable)
        .requestCache(AbstractHttpConfigurer::disable)
        .sessionManagement(s -> s.sessionCreationPolicy(SessionCreationPolicy.STATELESS))
        .exceptionHandling(
            e -> e.authenticationEntryPoint(turnedAway).accessDeniedHandler(turnedAway))
        .headers(
            h ->
                h.frameOptions(HeadersConfigurer.FrameOptionsConfig::deny)
                    .referrerPolicy(r -> r.policy(ReferrerPolicy.NO_REFERRER))
                    .contentSecurityPolicy(c -> c.policyDirectives(PAGE_RULES)))
        .addFilterAt(ForeignOrigins.filter(settings.allowedOrigins(), turnedAway), CorsFilter.class)
        .addFilterBefore(
            new ApiKeyFilter(settings, keys, names, turnedAway),
            AnonymousAuthenticationFilter.class)
        .addFilterAfter(
            new RateLimit(quota.requestsPerSecond(), turnedAway), AuthorizationFilter.class)
        .authorizeHttpRequests(
            requests ->
                requests
                    .dispatcherTypeMatchers(
                        DispatcherType.ASYNC, DispatcherType.ERROR, DispatcherType.FORWARD)
                    .permitAll()
                    .requestMatchers(PUBLIC)
                    .permitAll()
                    .requestMatchers("/actuator/**")
                    .hasAuthority("metrics:read")
                    .anyRequest()
                    .authenticated());
    JwtDecoder decoder = tokens.getIfAvailable();
    if (decoder != null) {
      acceptTokens(http, decoder, turnedAway);
    }
    return http.build();
  }

  private void acceptTokens(HttpSecurity http, JwtDecoder decoder, TurnedAway turnedAway) {
    DefaultBearerTokenResolver resolver = new DefaultBearerTokenResolver();
    http.oauth2ResourceServer(
        server ->
            server
                .bearerTokenResolver(
                    request -> {
                      String token = resolver.resolve(request);
                      return token == null || token.startsWith(KeyText.PREFIX) ? null : token;
                    })
                .authenticationEntryPoint(turnedAway)
                .accessDeniedHandler(turnedAway)
                .jwt(
                    jwt ->
                        jwt.decoder(decoder)
                            .jwtAuthenticationConverter(new TokenCallers(settings))));
  }
}
