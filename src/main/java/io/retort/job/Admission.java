package io.retort.job;

import io.retort.access.QuotaException;
import io.retort.access.QuotaSettings;
import io.retort.artifact.StorageQuota;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/** Whether a tenant may queue another job. */
@Component
class Admission {

  private final JdbcClient jdbc;
  private final StorageQuota storage;
  private final int mostQueued;

  Admission(JdbcClient jdbc, StorageQuota storage, QuotaSettings quota) {
    this.jdbc = jdbc;
    this.storage = storage;
    this.mostQueued = quota.queuedJobs();
  }

  /**
   * @throws QuotaException where it has used up what it may
   */
  void check(String tenant) {
    int queued =
        jdbc.sql(
                "select count(*) from (select 1 from job where tenant = ? and status = 'QUEUED'"
                    + " limit ?) waiting")
            .params(tenant, mostQueued)
            .query(Integer.class)
            .single();
    if (queued >= mostQueued) {
      throw QuotaException.queuedJobs(mostQueued);
    }
    storage.check(0);
  }
}
