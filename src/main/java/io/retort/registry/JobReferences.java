package io.retort.registry;

import java.util.UUID;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/** Knows which jobs that have not ended name a dataset or model in their spec. */
@Component
class JobReferences {

  private final JdbcClient jdbc;

  JobReferences(JdbcClient jdbc) {
    this.jdbc = jdbc;
  }

  /** Refuses while a job that has not ended names the id, wherever in its spec that is. */
  void refuseWhileUsed(String kind, UUID id) {
    jdbc.sql(
            "select id from job where status in ('QUEUED', 'RUNNING', 'PAUSING', 'PAUSED', 'CANCELLING')"
                + " and strpos(lower(resolved::text), ?) > 0 limit 1")
        .param(id.toString())
        .query(UUID.class)
        .optional()
        .ifPresent(
            job -> {
              throw RegistryException.inUse(kind, id, job);
            });
  }
}
