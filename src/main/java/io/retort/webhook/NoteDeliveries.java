package io.retort.webhook;

import io.retort.chore.ChoreQueue;
import io.retort.job.Job;
import io.retort.job.JobMoved;
import io.retort.job.JobStatus;
import io.retort.spec.JobEvent;
import io.retort.spec.SpecReader;
import io.retort.spec.WebhookSpec;
import java.time.Clock;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.context.event.EventListener;
import org.springframework.stereotype.Component;
import org.springframework.transaction.annotation.Propagation;
import org.springframework.transaction.annotation.Transactional;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Notes who is to be told of a change of a job, and queues the telling, in the transaction that
 * changes the job: whatever dies afterwards, it is told.
 */
@Component
class NoteDeliveries {

  /** Thin on purpose: whoever may know more asks the API. */
  record Payload(String type, Instant timestamp, Data data) {}

  record Data(UUID jobId, @Nullable String name, JobStatus status, int attempt) {}

  private final Deliveries deliveries;
  private final ChoreQueue queue;
  private final JsonMapper json;
  private final Clock clock;

  NoteDeliveries(Deliveries deliveries, ChoreQueue queue, JsonMapper json, Clock clock) {
    this.deliveries = deliveries;
    this.queue = queue;
    this.json = json;
    this.clock = clock;
  }

  @EventListener
  @Transactional(propagation = Propagation.MANDATORY)
  public void note(JobMoved moved) {
    Job job = moved.job();
    event(job.status())
        .ifPresent(
            event -> {
              for (JsonNode webhook : job.resolved().path("notify")) {
                note(job, event, SpecReader.mapper().treeToValue(webhook, WebhookSpec.class));
              }
            });
  }

  private void note(Job job, JobEvent event, WebhookSpec webhook) {
    if (webhook.events().contains(event)) {
      Data data = new Data(job.id(), job.name(), job.status(), job.attempt());
      String body = json.writeValueAsString(new Payload(event.toString(), clock.instant(), data));
      deliveries.add(job.id(), event, webhook.url(), body).ifPresent(this::queue);
    }
  }

  private void queue(UUID delivery) {
    queue.add(Deliver.CHORE, delivery.toString(), clock.instant());
  }

  private static Optional<JobEvent> event(JobStatus status) {
    return Stream.of(JobEvent.values()).filter(e -> e.name().equals(status.name())).findFirst();
  }
}
