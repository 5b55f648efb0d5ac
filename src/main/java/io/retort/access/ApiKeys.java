package io.retort.access;

import io.retort.database.Uuids;
import io.retort.web.CursorPage;
import io.retort.web.MissingException;
import io.retort.web.Scope;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;

/** The API keys. Each request looks its key up, so that a revoked one is refused at once. */
@Repository
class ApiKeys {

  private static final Duration USE_IS_NOTED_EVERY = Duration.ofMinutes(1);

  private final JdbcClient jdbc;
  private final Clock clock;

  ApiKeys(JdbcClient jdbc, Clock clock) {
    this.jdbc = jdbc;
    this.clock = clock;
  }

  /** Keeps a key that {@link KeyText#random} made. */
  KeyView add(
      String key,
      String tenant,
      String name,
      Collection<Scope> scopes,
      @Nullable Instant expiresAt) {
    UUID id = Uuids.next();
    jdbc.sql(
            "insert into api_key (id, tenant, name, hash, hint, scopes, created_at, expires_at)"
                + " values (:id, :tenant, :name, :hash, :hint, :scopes, :now, :expires)")
        .param("id", id)
        .param("tenant", tenant)
        .param("name", name)
        .param("hash", KeyText.hash(key))
        .param("hint", KeyText.hint(key))
        .param(
            "scopes",
            scopes.stream().distinct().map(Scope::toString).collect(Collectors.joining(" ")))
        .param("now", Timestamp.from(clock.instant()))
        .param("expires", expiresAt == null ? null : Timestamp.from(expiresAt))
        .update();
    return jdbc.sql("select * from api_key where id = ?").param(id).query(ApiKeys::view).single();
  }

  /**
   * Whom a key belongs to; empty where it is unknown.
   *
   * @throws AccessException {@code key_expired}
   */
  Optional<Caller> caller(String key) {
    Optional<KeyView> found =
        jdbc.sql("select * from api_key where hash = ?")
            .param(KeyText.hash(key))
            .query(ApiKeys::view)
            .optional();
    return found.map(this::used);
  }

  private Caller used(KeyView key) {
    Instant now = clock.instant();
    if (key.expiresAt() != null && !key.expiresAt().isAfter(now)) {
      throw AccessException.expired(key.expiresAt());
    }
    if (key.lastUsedAt() == null || key.lastUsedAt().plus(USE_IS_NOTED_EVERY).isBefore(now)) {
      jdbc.sql("update api_key set last_used_at = ? where id = ?")
          .params(Timestamp.from(now), key.id())
          .update();
    }
    return new Caller(key.tenant(), key.name(), key.scopes(), key.id());
  }

  /** Keys of all tenants, newest first. */
  CursorPage<KeyView> page(int limit, @Nullable UUID after) {
    List<KeyView> rows =
        jdbc.sql(
                "select * from api_key where cast(:after as uuid) is null or id < :after"
                    + " order by id desc limit :limit")
            .param("after", after)
            .param("limit", limit + 1)
            .query(ApiKeys::view)
            .list();
    return CursorPage.of(rows, limit, row -> row.id().toString());
  }

  /** Whether anyone could still make keys. */
  boolean haveAdmin() {
    return jdbc.sql(
            "select exists (select 1 from api_key where ' ' || scopes || ' ' like '% admin %'"
                + " and (expires_at is null or expires_at > ?))")
        .param(Timestamp.from(clock.instant()))
        .query(Boolean.class)
        .single();
  }

  void revoke(UUID id) {
    if (jdbc.sql("delete from api_key where id = ?").param(id).update() == 0) {
      throw new MissingException("key", id.toString());
    }
  }

  private static KeyView view(ResultSet row, int number) throws SQLException {
    return new KeyView(
        row.getObject("id", UUID.class),
        row.getString("name"),
        row.getString("tenant"),
        Stream.of(row.getString("scopes").split(" ")).flatMap(s -> Scope.of(s).stream()).toList(),
        row.getString("hint"),
        row.getTimestamp("created_at").toInstant(),
        instant(row.getTimestamp("expires_at")),
        instant(row.getTimestamp("last_used_at")));
  }

  private static @Nullable Instant instant(@Nullable Timestamp time) {
    return time == null ? null : time.toInstant();
  }
}
