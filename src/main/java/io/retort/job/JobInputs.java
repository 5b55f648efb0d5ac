package io.retort.job;

import io.retort.spec.JobSpec;
import io.retort.spec.SpecInputs;
import java.util.Map;
import java.util.UUID;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;
import org.springframework.transaction.annotation.Propagation;
import org.springframework.transaction.annotation.Transactional;

/** Keeps what a job names of the registry from being removed while it has not ended. */
@Repository
class JobInputs {

  private final JdbcClient jdbc;

  JobInputs(JdbcClient jdbc) {
    this.jdbc = jdbc;
  }

  /**
   * Notes them in the transaction that queues the job; waits for whoever is removing one.
   *
   * @throws JobException {@code not_found} where one was removed since it was looked at
   */
  @Transactional(propagation = Propagation.MANDATORY)
  public void hold(UUID job, String tenant, JobSpec spec) {
    SpecInputs inputs = SpecInputs.of(spec);
    hold(job, tenant, "dataset", inputs.datasets());
    hold(job, tenant, "model", inputs.models());
  }

  private void hold(UUID job, String tenant, String kind, Map<String, String> ids) {
    ids.forEach(
        (pointer, id) -> {
          int held =
              jdbc.sql(
                      ("insert into job_input (job_id, %1$s_id) select ?, id from %1$s"
                              + " where id::text = lower(?) and tenant = ? for key share")
                          .formatted(kind))
                  .params(job, id, tenant)
                  .update();
          if (held == 0) {
            throw JobException.inputGone(kind, id, pointer);
          }
        });
  }
}
