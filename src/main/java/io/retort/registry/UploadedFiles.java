package io.retort.registry;

import io.retort.access.Tenants;
import io.retort.artifact.ContentStore;
import io.retort.artifact.StoredContent;
import io.retort.database.Uuids;
import io.retort.spec.DataFormat;
import io.retort.web.CursorPage;
import io.retort.web.MissingException;
import java.nio.file.Path;
import java.sql.Timestamp;
import java.time.Clock;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/** Uploaded datasets of the caller's tenant. */
@Repository
public class UploadedFiles {

  private static final String COLUMNS =
      "select id, name, bytes, sha256, format, created_at from dataset";

  private final JdbcClient jdbc;
  private final ContentStore contents;
  private final RegistryRemoval removal;
  private final TransactionTemplate transaction;
  private final Clock clock;

  UploadedFiles(
      JdbcClient jdbc,
      ContentStore contents,
      RegistryRemoval removal,
      PlatformTransactionManager transactions,
      Clock clock) {
    this.jdbc = jdbc;
    this.contents = contents;
    this.removal = removal;
    this.transaction = new TransactionTemplate(transactions);
    this.clock = clock;
  }

  /**
   * The file of an uploaded dataset.
   *
   * @throws MissingException where there is none
   */
  public Path content(String id) {
    return contents.open(column(id, "sha256"));
  }

  /** The name that the file had where it came from; its ending may say what is in it. */
  public String originalName(String id) {
    return column(id, "original_name");
  }

  DatasetView add(String name, String originalName, DataFormat format, StoredContent content) {
    UUID id = Uuids.next();
    transaction.executeWithoutResult(
        status -> {
          contents.keep(content);
          jdbc.sql(
                  "insert into dataset (id, tenant, name, original_name, format, sha256, bytes,"
                      + " created_at) values (?, ?, ?, ?, ?, ?, ?, ?)")
              .params(
                  id,
                  Tenants.current(),
                  name,
                  originalName,
                  format.name(),
                  content.sha256(),
                  content.bytes(),
                  Timestamp.from(clock.instant()))
              .update();
        });
    return find(id);
  }

  DatasetView find(UUID id) {
    return jdbc.sql(COLUMNS + " where id = ? and tenant = ?")
        .params(id, Tenants.current())
        .query(DatasetView.class)
        .optional()
        .orElseThrow(() -> new MissingException("dataset", id.toString()));
  }

  /** Newest first. */
  CursorPage<DatasetView> page(int limit, @Nullable UUID after) {
    List<DatasetView> rows =
        jdbc.sql(
                COLUMNS
                    + " where tenant = :tenant and (cast(:after as uuid) is null or id < :after)"
                    + " order by id desc limit :limit")
            .param("tenant", Tenants.current())
            .param("after", after)
            .param("limit", limit + 1)
            .query(DatasetView.class)
            .list();
    return CursorPage.of(rows, limit, row -> row.id().toString());
  }

  void delete(UUID id) {
    removal.remove(RegistryKind.DATASET, find(id).id());
  }

  private String column(String id, String column) {
    return jdbc.sql("select " + column + " from dataset where id::text = lower(?) and tenant = ?")
        .params(id, Tenants.current())
        .query(String.class)
        .optional()
        .orElseThrow(() -> new MissingException("dataset", id));
  }
}
