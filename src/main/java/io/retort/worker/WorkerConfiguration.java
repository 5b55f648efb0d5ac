package io.retort.worker;

import com.github.kagkarlsson.scheduler.SchedulerName;
import com.github.kagkarlsson.scheduler.boot.autoconfigure.Jackson3Serializer;
import com.github.kagkarlsson.scheduler.boot.config.DbSchedulerCustomizer;
import com.github.kagkarlsson.scheduler.serializer.Serializer;
import com.github.kagkarlsson.scheduler.task.CompletionHandler;
import com.github.kagkarlsson.scheduler.task.Task;
import com.github.kagkarlsson.scheduler.task.helper.Tasks;
import io.retort.job.HelpQueue;
import io.retort.job.JobQueue;
import io.retort.worker.RunJob.Ending;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import java.util.UUID;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** How the queue hands jobs to this process. */
@Configuration(proxyBeanMethods = false)
@WorkerOnly
class WorkerConfiguration {

  private static final Logger LOG = LoggerFactory.getLogger(WorkerConfiguration.class);
  private static final Duration RETRY = Duration.ofSeconds(5);

  @Bean
  WorkerName workerName() {
    return WorkerName.unique();
  }

  /** An entry whose worker has died is revived: another worker gets it, and sees from the job. */
  @Bean
  Task<Void> runJobTask(RunJob runJob) {
    return Tasks.custom(JobQueue.TASK)
        .onDeadExecutionRevive()
        .onFailure(
            (complete, operations) -> {
              LOG.warn(
                  "Job {} goes back into the queue: {}",
                  complete.getExecution().getId(),
                  complete.getCause().map(Throwable::getMessage).orElse("unknown reason"));
              operations.reschedule(complete, complete.getTimeDone().plus(RETRY));
            })
        .execute(
            (instance, context) -> {
              Ending ending = runJob.run(UUID.fromString(instance.getId()));
              Duration wait = ending == Ending.LATER ? RETRY : Duration.ZERO;
              return ending == Ending.DONE
                  ? new CompletionHandler.OnCompleteRemove<>()
                  : (complete, operations) ->
                      operations.reschedule(complete, complete.getTimeDone().plus(wait));
            });
  }

  /**
   * A call for help is answered once; the owner makes it again while it is needed. That of a helper
   * that died is not, so that a labelling that kills its workers kills no more than were called.
   */
  @Bean
  Task<Void> helpTask(Helpers helpers, LiveRuns live) {
    HelpFailures failures = new HelpFailures();
    return Tasks.custom(HelpQueue.TASK)
        .onDeadExecution((complete, operations) -> operations.reschedule(complete, HelpQueue.NEVER))
        .execute(
            (instance, context) -> {
              UUID job = HelpQueue.job(instance.getId());
              try {
                helpers.help(job, live::closing);
                return new CompletionHandler.OnCompleteRemove<>();
              } catch (IOException | RuntimeException e) {
                Duration pause = failures.pause(job, e);
                return (complete, operations) ->
                    operations.reschedule(complete, complete.getTimeDone().plus(pause));
              }
            });
  }

  @Bean
  DbSchedulerCustomizer queueSettings(WorkerName name) {
    return new DbSchedulerCustomizer() {
      @Override
      public Optional<SchedulerName> schedulerName() {
        return Optional.of(new SchedulerName.Fixed(name.value()));
      }

      @Override
      public Optional<Serializer> serializer() {
        return Optional.of(new Jackson3Serializer());
      }
    };
  }
}
