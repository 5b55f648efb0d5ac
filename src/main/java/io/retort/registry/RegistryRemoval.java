package io.retort.registry;

import io.retort.artifact.ContentStore;
import java.sql.Timestamp;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/** Removes datasets and models, and never what a job names that has not ended. */
@Component
public class RegistryRemoval {

  private static final String USED_BY =
      "select job.id from job_input join job on job.id = job_id where %s_id = %s and status in"
          + " ('QUEUED', 'RUNNING', 'PAUSING', 'PAUSED', 'CANCELLING') limit 1";

  private final JdbcClient jdbc;
  private final ContentStore contents;
  private final TransactionTemplate transaction;

  RegistryRemoval(JdbcClient jdbc, ContentStore contents, PlatformTransactionManager transactions) {
    this.jdbc = jdbc;
    this.contents = contents;
    this.transaction = new TransactionTemplate(transactions);
  }

  /** Those made before a time that no job uses; oldest first. */
  public List<UUID> unusedBefore(RegistryKind kind, Instant time, int limit) {
    String used = USED_BY.formatted(kind.table(), "entry.id");
    return jdbc.sql(
            "select id from %s entry where %s and created_at < ? and not exists (%s)"
                    .formatted(kind.table(), kind.condition(), used)
                + " order by created_at, id limit ?")
        .params(Timestamp.from(time), limit)
        .query(UUID.class)
        .list();
  }

  /**
   * Removes one and frees its bytes; does nothing where it is gone already.
   *
   * @throws RegistryException {@code dataset_in_use} or {@code model_in_use}
   */
  public void remove(RegistryKind kind, UUID id) {
    Optional<String> content = transaction.execute(status -> lockAndDelete(kind, id));
    if (content != null) {
      content.ifPresent(contents::removeIfUnused);
    }
  }

  /** With the row's lock, so that no job that is being queued can come to name it meanwhile. */
  private Optional<String> lockAndDelete(RegistryKind kind, UUID id) {
    Optional<String> content =
        jdbc.sql("select sha256 from %s where id = ? for update".formatted(kind.table()))
            .param(id)
            .query(String.class)
            .optional();
    jdbc.sql(USED_BY.formatted(kind.table(), "?"))
        .param(id)
        .query(UUID.class)
        .optional()
        .ifPresent(
            job -> {
              throw RegistryException.inUse(kind.table(), id, job);
            });
    jdbc.sql("delete from %s where id = ?".formatted(kind.table())).param(id).update();
    return content;
  }
}
