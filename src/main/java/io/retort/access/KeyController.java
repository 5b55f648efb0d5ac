package io.retort.access;

import io.retort.spec.InvalidSpecException;
import io.retort.spec.SpecReader;
import io.retort.spec.Violation;
import io.retort.web.Api;
import io.retort.web.CursorPage;
import io.retort.web.JsonBody;
import io.retort.web.MayFail;
import io.retort.web.RequiresScope;
import io.retort.web.Scope;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.Parameter;
import io.swagger.v3.oas.annotations.media.Content;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.parameters.RequestBody;
import io.swagger.v3.oas.annotations.tags.Tag;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.time.Clock;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.security.core.Authentication;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.ResponseStatus;

@Api
@RequestMapping(path = "/v1/keys", produces = MediaType.APPLICATION_JSON_VALUE)
@Tag(name = "Keys", description = "Make and revoke API keys.")
class KeyController {

  private static final Logger LOG = LoggerFactory.getLogger(KeyController.class);

  private final ApiKeys keys;
  private final Clock clock;

  KeyController(ApiKeys keys, Clock clock) {
    this.keys = keys;
    this.clock = clock;
  }

  @PostMapping(consumes = MediaType.APPLICATION_JSON_VALUE)
  @ResponseStatus(HttpStatus.CREATED)
  @RequiresScope(Scope.ADMIN)
  @Operation(
      operationId = "createKey",
      summary = "Make a key",
      description = "The answer shows the key itself, this once.",
      requestBody =
          @RequestBody(
              required = true,
              content = @Content(schema = @Schema(implementation = KeyForm.class))))
  @MayFail({400, 413, 415, 503})
  ResponseEntity<NewKeyView> create(@Parameter(hidden = true) InputStream body) throws IOException {
    KeyForm wanted = SpecReader.read(SpecReader.parse(JsonBody.read(body)), KeyForm.class);
    if (wanted.expiresAt() != null && !wanted.expiresAt().isAfter(clock.instant())) {
      throw new InvalidSpecException(
          List.of(
              new Violation(
                  "/expiresAt", "must lie in the future", wanted.expiresAt().toString(), null)));
    }
    String key = KeyText.random();
    String tenant = wanted.tenant() == null ? Tenants.current() : wanted.tenant();
    KeyView view = keys.add(key, tenant, wanted.name(), wanted.scopes(), wanted.expiresAt());
    LOG.info("Key {} ({}) made for tenant {}", view.id(), view.hint(), tenant);
    return ResponseEntity.created(URI.create("/v1/keys/" + view.id()))
        .body(new NewKeyView(key, view));
  }

  @GetMapping
  @RequiresScope(Scope.ADMIN)
  @Operation(
      operationId = "listKeys",
      summary = "List keys",
      description = "Keys of all tenants, newest first; never the keys themselves.")
  @MayFail({400, 503})
  CursorPage<KeyView> list(
      @RequestParam(defaultValue = "20") @Min(1) @Max(100) int limit,
      @Parameter(description = "`nextCursor` of the page before") @RequestParam(required = false)
          @Nullable UUID after) {
    return keys.page(limit, after);
  }

  @DeleteMapping(path = "/{id}", produces = MediaType.ALL_VALUE)
  @ResponseStatus(HttpStatus.NO_CONTENT)
  @RequiresScope(Scope.ADMIN)
  @Operation(
      operationId = "revokeKey",
      summary = "Revoke a key",
      description = "From the next request on it is refused. A key cannot revoke itself.")
  @MayFail({400, 404, 409, 503})
  void revoke(@PathVariable UUID id, @Nullable Authentication caller) {
    if (caller instanceof Caller own && own.uses(id)) {
      throw AccessException.ownKey();
    }
    keys.revoke(id);
    LOG.info("Key {} revoked", id);
  }
}
