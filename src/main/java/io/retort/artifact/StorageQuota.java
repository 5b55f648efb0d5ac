package io.retort.artifact;

import io.retort.access.QuotaException;
import io.retort.access.QuotaSettings;
import io.retort.access.Tenants;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/** Keeps a tenant from filling everybody's disk. */
@Component
public class StorageQuota {

  private final JdbcClient jdbc;
  private final long most;

  StorageQuota(JdbcClient jdbc, QuotaSettings settings) {
    this.jdbc = jdbc;
    this.most = settings.storedBytes().toBytes();
  }

  /**
   * Refuses more bytes than the caller's tenant may keep.
   *
   * @param more bytes that are to be added
   * @throws QuotaException {@code storage_quota}
   */
  public void check(long more) {
    long used = used(Tenants.current());
    if (used + more > most) {
      throw QuotaException.storedBytes(used, most);
    }
  }

  /** Bytes of what a tenant keeps; what it keeps twice counts twice. */
  private long used(String tenant) {
    return jdbc.sql(
            """
            select coalesce(sum(bytes), 0)::bigint from (
              select bytes from dataset where tenant = :tenant
              union all select bytes from model where tenant = :tenant
              union all select bytes from artifact join content using (sha256)
                        join job on job.id = job_id where tenant = :tenant) kept
            """)
        .param("tenant", tenant)
        .query(Long.class)
        .single();
  }
}
