package io.retort.registry;

import io.retort.access.Tenants;
import io.retort.artifact.ContentStore;
import io.retort.artifact.StoredContent;
import io.retort.database.Uuids;
import io.retort.model.ModelDefinition;
import io.retort.model.TrainedModel;
import io.retort.spec.Architecture;
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
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.json.JsonMapper;

/** Models of the caller's tenant: those that jobs made, and those that were uploaded. */
@Repository
public class Models {

  static final String FORMAT = "retort-samediff";

  private static final JsonMapper JSON = SpecReader.mapper();

  private final JdbcClient jdbc;
  private final ContentStore contents;
  private final ModelReader reader;
  private final JobReferences references;
  private final Clock clock;

  Models(
      JdbcClient jdbc,
      ContentStore contents,
      ModelReader reader,
      JobReferences references,
      Clock clock) {
    this.jdbc = jdbc;
    this.contents = contents;
    this.reader = reader;
    this.references = references;
    this.clock = clock;
  }

  /** A model with its parameters. */
  public TrainedModel load(String id) {
    String sha256 =
        jdbc.sql("select sha256 from model where id::text = lower(?) and tenant = ?")
            .params(id, Tenants.current())
            .query(String.class)
            .optional()
            .orElseThrow(() -> new MissingException("model", id));
    return reader.read(contents.open(sha256));
  }

  /**
   * Keeps a model, in the caller's transaction or one of its own.
   *
   * @param job the job that made it; null for an uploaded one
   */
  @Transactional
  public UUID add(
      @Nullable UUID job, String role, String name, TrainedModel model, StoredContent content) {
    UUID id = Uuids.next();
    ModelDefinition definition = model.definition();
    contents.keep(content);
    jdbc.sql(
            """
            insert into model (id, tenant, name, role, format, architecture, input_shape, classes,
                               parameters, job_id, sha256, bytes, created_at)
            values (:id, :tenant, :name, :role, :format, :architecture::jsonb, :inputShape::jsonb,
                    :classes::jsonb, :parameters, :job, :sha256, :bytes, :createdAt)
            """)
        .param("id", id)
        .param("tenant", Tenants.current())
        .param("name", name)
        .param("role", role)
        .param("format", FORMAT)
        .param("architecture", architecture(definition))
        .param("inputShape", JSON.writeValueAsString(definition.inputShape()))
        .param("classes", JSON.writeValueAsString(definition.classes()))
        .param("parameters", model.parameters().length)
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
        jdbc.sql(
                "select * from model where tenant = :tenant"
                    + " and (cast(:after as uuid) is null or id < :after)"
                    + " order by id desc limit :limit")
            .param("tenant", Tenants.current())
            .param("after", after)
            .param("limit", limit + 1)
            .query(Models::view)
            .list();
    return CursorPage.of(rows, limit, row -> row.id().toString());
  }

  Path content(ModelView model) {
    return contents.open(model.sha256());
  }

  void delete(UUID id) {
    String sha256 = find(id).sha256();
    references.refuseWhileUsed("model", id);
    jdbc.sql("delete from model where id = ?").param(id).update();
    contents.removeIfUnused(sha256);
  }

  /** Written as the interface, so that the kind of network is written too. */
  private static String architecture(ModelDefinition definition) {
    return JSON.writerFor(Architecture.class).writeValueAsString(definition.architecture());
  }

  private static ModelView view(ResultSet row, int number) throws SQLException {
    return new ModelView(
        row.getObject("id", UUID.class),
        row.getString("name"),
        row.getString("role"),
        row.getString("format"),
        JSON.readValue(row.getString("architecture"), Architecture.class),
        JSON.readValue(row.getString("input_shape"), new TypeReference<>() {}),
        JSON.readValue(row.getString("classes"), new TypeReference<>() {}),
        row.getLong("parameters"),
        row.getLong("bytes"),
        row.getString("sha256"),
        row.getObject("job_id", UUID.class),
        row.getTimestamp("created_at").toInstant());
  }
}
