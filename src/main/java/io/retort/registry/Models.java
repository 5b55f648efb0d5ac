package io.retort.registry;

import io.retort.access.Tenants;
import io.retort.artifact.ContentStore;
import io.retort.artifact.StoredContent;
import io.retort.database.Uuids;
import io.retort.model.ModelInfo;
import io.retort.model.StoredModel;
import io.retort.model.TrainedModel;
import io.retort.spec.SpecReader;
import io.retort.web.CursorPage;
import io.retort.web.MissingException;
import java.nio.file.Path;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Clock;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;
import org.springframework.transaction.annotation.Transactional;
import tools.jackson.databind.json.JsonMapper;

/** Models of the caller's tenant: those that jobs made, and those that were uploaded. */
@Repository
public class Models {

  private static final JsonMapper JSON = SpecReader.mapper();

  private final JdbcClient jdbc;
  private final ContentStore contents;
  private final ModelReader reader;
  private final RegistryRemoval removal;
  private final Clock clock;

  Models(
      JdbcClient jdbc,
      ContentStore contents,
      ModelReader reader,
      RegistryRemoval removal,
      Clock clock) {
    this.jdbc = jdbc;
    this.contents = contents;
    this.reader = reader;
    this.removal = removal;
    this.clock = clock;
  }

  /**
   * A model that this service made, with its parameters.
   *
   * @throws io.retort.spec.RetortException for a model of another format
   */
  public TrainedModel load(String id) {
    return reader.read(stored(id).file());
  }

  /**
   * A model of any format by its id, or by its name where no other has it.
   *
   * @throws io.retort.spec.RetortException where there is none, or several
   */
  public StoredModel named(String name) {
    List<String> ids =
        jdbc.sql(
                "select id::text from model where tenant = :tenant"
                    + " and (id::text = lower(:name) or name = :name) order by id limit 2")
            .param("tenant", Tenants.current())
            .param("name", name)
            .query(String.class)
            .list();
    if (ids.size() > 1) {
      throw RegistryException.ambiguous(name);
    }
    if (ids.isEmpty()) {
      throw new MissingException("model", name);
    }
    return stored(ids.get(0));
  }

  /** A model of any format. */
  public StoredModel stored(String id) {
    return jdbc.sql("select sha256, info from model where id::text = lower(?) and tenant = ?")
        .params(id, Tenants.current())
        .query(
            (row, n) ->
                new StoredModel(
                    contents.open(row.getString("sha256")), row.getString("sha256"), info(row)))
        .optional()
        .orElseThrow(() -> new MissingException("model", id));
  }

  /**
   * Keeps a model, in the caller's transaction or one of its own.
   *
   * @param job the job that made it; null for an uploaded one
   */
  @Transactional
  public UUID add(
      @Nullable UUID job, String role, String name, ModelInfo info, StoredContent content) {
    UUID id = Uuids.next();
    contents.keep(content);
    jdbc.sql(
            """
            insert into model (id, tenant, name, role, info, job_id, sha256, bytes, created_at)
            values (:id, :tenant, :name, :role, :info::jsonb, :job, :sha256, :bytes, :createdAt)
            """)
        .param("id", id)
        .param("tenant", Tenants.current())
        .param("name", name)
        .param("role", role)
        .param("info", JSON.writeValueAsString(info).replace("\\u0000", "?"))
        .param("job", job)
        .param("sha256", content.sha256())
        .param("bytes", content.bytes())
        .param("createdAt", Timestamp.from(clock.instant()))
        .update();
    return id;
  }

  ModelView find(UUID id) {
    return jdbc.sql("select * from model where id = ? and tenant = ?")
        .params(id, Tenants.current())
        .query(Models::view)
        .optional()
        .orElseThrow(() -> new MissingException("model", id.toString()));
  }

  /** Newest first. */
  CursorPage<ModelView> page(int limit, @Nullable UUID after) {
    List<ModelView> rows =
        jdbc
            .sql(
                "select * from model where tenant = :tenant"
                    + " and (cast(:after as uuid) is null or id < :after)"
                    + " order by id desc limit :limit")
            .param("tenant", Tenants.current())
            .param("after", after)
            .param("limit", limit + 1)
            .query(Models::view)
            .list()
            .stream()
            .map(ModelView::withoutTaps)
            .toList();
    return CursorPage.of(rows, limit, row -> row.id().toString());
  }

  Path content(ModelView model) {
    return contents.open(model.sha256());
  }

  void delete(UUID id) {
    removal.remove(RegistryKind.MODEL, find(id).id());
  }

  private static ModelView view(ResultSet row, int number) throws SQLException {
    ModelInfo info = info(row);
    boolean one = info.inputs().size() == 1 && info.inputs().get(0).fixed();
    return new ModelView(
        row.getObject("id", UUID.class),
        row.getString("name"),
        row.getString("role"),
        info.format(),
        info.architecture(),
        one ? info.inputs().get(0).shape() : null,
        info.inputs(),
        info.outputs(),
        info.taps(),
        info.classes(),
        info.parameters(),
        info.facts(),
        row.getLong("bytes"),
        row.getString("sha256"),
        row.getObject("job_id", UUID.class),
        row.getTimestamp("created_at").toInstant());
  }

  private static ModelInfo info(ResultSet row) throws SQLException {
    return JSON.readValue(row.getString("info"), ModelInfo.class);
  }
}
