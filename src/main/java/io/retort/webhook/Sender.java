package io.retort.webhook;

import io.retort.outgoing.Outgoing;
import io.retort.outgoing.OutgoingAnswer;
import io.retort.outgoing.OutgoingException;
import io.retort.outgoing.OutgoingRequest;
import io.retort.webhook.Deliveries.Due;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.util.Map;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.stereotype.Component;

/** Signs a message and posts it. Redirects are not followed and bodies of answers not read. */
@Component
class Sender {

  private final Outgoing outgoing;
  private final WebhookSecrets secrets;
  private final WebhookSettings settings;
  private final Clock clock;

  Sender(
      @Qualifier("webhooks") Outgoing outgoing,
      WebhookSecrets secrets,
      WebhookSettings settings,
      Clock clock) {
    this.outgoing = outgoing;
    this.secrets = secrets;
    this.settings = settings;
    this.clock = clock;
  }

  Attempt send(Due delivery) {
    byte[] body = delivery.body().getBytes(StandardCharsets.UTF_8);
    String id = delivery.messageId().toString();
    long now = clock.instant().getEpochSecond();
    Map<String, String> headers =
        Map.of(
            "webhook-id", id,
            "webhook-timestamp", String.valueOf(now),
            "webhook-signature", Signature.of(id, now, body, secrets.signing(delivery.tenant())));
    try {
      return outgoing.send(
          OutgoingRequest.post(URI.create(delivery.url()), headers, body, 0, settings.timeout()),
          Sender::read);
    } catch (OutgoingException e) {
      return Attempt.failed(e.code());
    } catch (IOException e) {
      return Attempt.failed("unreachable");
    }
  }

  private static Attempt read(OutgoingAnswer answer) {
    String wait = answer.retryAfter();
    boolean seconds = wait != null && wait.matches("\\d{1,6}");
    return new Attempt(
        answer.status(), null, seconds ? Duration.ofSeconds(Long.parseLong(wait)) : Duration.ZERO);
  }
}
