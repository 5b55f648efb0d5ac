package io.retort.webhook;

import io.retort.access.Tenants;
import io.retort.web.Api;
import io.retort.web.MayFail;
import io.retort.web.RequiresScope;
import io.retort.web.Scope;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.tags.Tag;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.http.MediaType;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestMapping;

@Api
@RequestMapping(path = "/v1/webhook-secret", produces = MediaType.APPLICATION_JSON_VALUE)
@Tag(name = "Webhooks")
class WebhookSecretController {

  private static final Logger LOG = LoggerFactory.getLogger(WebhookSecretController.class);

  private final WebhookSecrets secrets;

  WebhookSecretController(WebhookSecrets secrets) {
    this.secrets = secrets;
  }

  @GetMapping
  @RequiresScope(Scope.WEBHOOKS)
  @Operation(
      operationId = "getWebhookSecret",
      summary = "Get the secret that signs your deliveries",
      description =
          "For your receivers, which check `webhook-signature` with it (Standard Webhooks). It is"
              + " made when it is first asked for.")
  @MayFail({503})
  WebhookSecretView get() {
    return secrets.of(Tenants.current());
  }

  @PostMapping("/rotate")
  @RequiresScope(Scope.WEBHOOKS)
  @Operation(
      operationId = "rotateWebhookSecret",
      summary = "Replace the secret that signs your deliveries",
      description =
          "Until `previousUntil` both sign, so that receivers can be told one after the other.")
  @MayFail({503})
  WebhookSecretView rotate() {
    WebhookSecretView secret = secrets.rotate(Tenants.current());
    LOG.info("The webhook secret of tenant {} was replaced", Tenants.current());
    return secret;
  }
}
