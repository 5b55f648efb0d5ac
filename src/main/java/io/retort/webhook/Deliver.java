package io.retort.webhook;

import com.github.kagkarlsson.scheduler.task.CompletionHandler;
import com.github.kagkarlsson.scheduler.task.Task;
import com.github.kagkarlsson.scheduler.task.TaskDescriptor;
import com.github.kagkarlsson.scheduler.task.helper.Tasks;
import io.micrometer.core.instrument.MeterRegistry;
import io.retort.chore.Chore;
import io.retort.webhook.Deliveries.Due;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.Random;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;

/** Makes one attempt of a delivery and says when the next one is due. */
@Component
class Deliver implements Chore {

  /** The instance's name is the delivery's id. */
  static final TaskDescriptor<Void> CHORE = TaskDescriptor.of("webhook");

  private static final Logger LOG = LoggerFactory.getLogger(Deliver.class);

  /** After a failure of ours, such as a database that is away. */
  private static final Duration RETRY = Duration.ofSeconds(10);

  /** How long a tenant waits whose deliveries take all the threads that it may have. */
  private static final Duration TURN = Duration.ofSeconds(1);

  private final Deliveries deliveries;
  private final Sender sender;
  private final InFlight inFlight = new InFlight();
  private final WebhookSettings settings;
  private final Pauses pauses;
  private final MeterRegistry meters;
  private final Clock clock;

  Deliver(
      Deliveries deliveries,
      Sender sender,
      WebhookSettings settings,
      MeterRegistry meters,
      Clock clock) {
    this.deliveries = deliveries;
    this.sender = sender;
    this.settings = settings;
    this.pauses = new Pauses(settings.firstRetry(), new Random());
    this.meters = meters;
    this.clock = clock;
  }

  /** A worker that dies may have sent and not noted it: receivers tell by the message's id. */
  @Override
  public Task<Void> task() {
    return Tasks.custom(CHORE)
        .onDeadExecutionRevive()
        .onFailure(
            (complete, operations) ->
                operations.reschedule(complete, complete.getTimeDone().plus(RETRY)))
        .execute(
            (instance, context) -> {
              Instant next =
                  deliveries.due(UUID.fromString(instance.getId())).map(this::inTurn).orElse(null);
              return next == null
                  ? new CompletionHandler.OnCompleteRemove<>()
                  : (complete, operations) -> operations.reschedule(complete, next);
            });
  }

  private @Nullable Instant inTurn(Due delivery) {
    Instant now = clock.instant();
    if (delivery.nextAttemptAt().isAfter(now)) {
      return delivery.nextAttemptAt(); // whoever made the last attempt could not say so
    }
    Optional<Attempt> attempt = inFlight.during(delivery.tenant(), () -> sender.send(delivery));
    return attempt.isPresent() ? noted(delivery, attempt.get()) : now.plus(TURN);
  }

  private @Nullable Instant noted(Due delivery, Attempt attempt) {
    int attempts = delivery.attempts() + 1;
    boolean last = attempt.delivered() || attempt.gone() || attempts >= settings.attempts();
    Instant next = last ? null : clock.instant().plus(pauses.after(attempts, attempt.pause()));
    deliveries.attempted(delivery, attempt, next);
    String outcome = attempt.delivered() ? "delivered" : last ? "failed" : "again";
    meters.counter("retort.webhook.attempts", "outcome", outcome).increment();
    LOG.info(
        "Delivery {} of job {}: attempt {} {}",
        delivery.id(),
        delivery.jobId(),
        attempts,
        attempt.status() == null ? attempt.error() : attempt.status());
    return next;
  }
}
