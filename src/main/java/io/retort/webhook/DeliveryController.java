package io.retort.webhook;

import io.retort.chore.ChoreQueue;
import io.retort.job.JobDesk;
import io.retort.web.Api;
import io.retort.web.CursorPage;
import io.retort.web.MayFail;
import io.retort.web.RequiresScope;
import io.retort.web.Scope;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.Parameter;
import io.swagger.v3.oas.annotations.tags.Tag;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import java.time.Clock;
import java.util.Objects;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.ResponseStatus;

@Api
@RequestMapping(path = "/v1/jobs/{id}/deliveries", produces = MediaType.APPLICATION_JSON_VALUE)
@Tag(name = "Webhooks", description = "Who was told of a job, and with which signature.")
class DeliveryController {

  private final JobDesk desk;
  private final Deliveries deliveries;
  private final ChoreQueue queue;
  private final TransactionTemplate transaction;
  private final Clock clock;

  DeliveryController(
      JobDesk desk,
      Deliveries deliveries,
      ChoreQueue queue,
      PlatformTransactionManager transactions,
      Clock clock) {
    this.desk = desk;
    this.deliveries = deliveries;
    this.queue = queue;
    this.transaction = new TransactionTemplate(transactions);
    this.clock = clock;
  }

  @GetMapping
  @RequiresScope(Scope.JOBS_READ)
  @Operation(
      operationId = "listJobDeliveries",
      summary = "List who was told of a job",
      description = "What became of the messages to the addresses in `notify`, oldest first.")
  @MayFail({400, 404, 503})
  CursorPage<DeliveryView> list(
      @PathVariable UUID id,
      @RequestParam(defaultValue = "20") @Min(1) @Max(100) int limit,
      @Parameter(description = "`nextCursor` of the page before") @RequestParam(required = false)
          @Nullable UUID after) {
    desk.find(id);
    return deliveries.page(id, limit, after);
  }

  @PostMapping("/{delivery}/redeliver")
  @ResponseStatus(HttpStatus.ACCEPTED)
  @RequiresScope(Scope.JOBS_WRITE)
  @Operation(
      operationId = "redeliver",
      summary = "Send a message again",
      description =
          "As a new delivery, at once, with the same body and `webhook-id`; whatever became of the"
              + " old one.")
  @MayFail({400, 404, 503})
  DeliveryView redeliver(@PathVariable UUID id, @PathVariable UUID delivery) {
    desk.find(id);
    return Objects.requireNonNull(
        transaction.execute(
            status -> {
              UUID again = deliveries.again(id, delivery);
              queue.add(Deliver.CHORE, again.toString(), clock.instant());
              return deliveries.find(again);
            }));
  }
}
