package io.retort.job;

import io.retort.access.Tenants;
import io.retort.spec.JobType;
import io.retort.web.CursorPage;
import java.sql.Timestamp;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;
import tools.jackson.databind.json.JsonMapper;

/** Finds jobs of the caller's tenant, newest first. */
@Repository
public class JobSearch {

  /**
   * What to look for; null or empty does not filter.
   *
   * @param status any of these
   * @param labels all of these
   */
  public record Filter(
      List<JobStatus> status,
      @Nullable JobType type,
      @Nullable String name,
      Map<String, String> labels,
      @Nullable Instant createdAfter,
      @Nullable Instant createdBefore) {}

  private final JdbcClient jdbc;
  private final Jobs jobs;
  private final JsonMapper json;

  JobSearch(JdbcClient jdbc, Jobs jobs, JsonMapper json) {
    this.jdbc = jdbc;
    this.jobs = jobs;
    this.json = json;
  }

  public CursorPage<Job> page(Filter filter, int limit, @Nullable UUID after) {
    List<String> conditions = new ArrayList<>(List.of("tenant = :tenant"));
    Map<String, Object> values = new HashMap<>(Map.of("tenant", Tenants.current()));
    if (after != null) {
      conditions.add("id < :after");
      values.put("after", after);
    }
    if (!filter.status().isEmpty()) {
      conditions.add("status in (:status)");
      values.put("status", filter.status().stream().map(JobStatus::name).toList());
    }
    if (filter.type() != null) {
      conditions.add("type = :type");
      values.put("type", filter.type().name());
    }
    if (filter.name() != null) {
      conditions.add("name = :name");
      values.put("name", filter.name());
    }
    if (!filter.labels().isEmpty()) {
      conditions.add("labels @> :labels::jsonb");
      values.put("labels", json.writeValueAsString(filter.labels()));
    }
    if (filter.createdAfter() != null) {
      conditions.add("created_at > :createdAfter");
      values.put("createdAfter", Timestamp.from(filter.createdAfter()));
    }
    if (filter.createdBefore() != null) {
      conditions.add("created_at < :createdBefore");
      values.put("createdBefore", Timestamp.from(filter.createdBefore()));
    }
    List<UUID> ids =
        jdbc.sql(
                "select id from job where "
                    + String.join(" and ", conditions)
                    + " order by id desc limit :limit")
            .params(values)
            .param("limit", limit + 1)
            .query(UUID.class)
            .list();
    List<Job> found = new ArrayList<>(jobs.findAllById(ids));
    // As text: Java compares the halves of a UUID as signed numbers, the database as bytes.
    found.sort(Comparator.comparing((Job job) -> job.id().toString()).reversed());
    return CursorPage.of(found, limit, job -> job.id().toString());
  }

  /** Those of the jobs that have ended, or are gone. */
  public Set<UUID> ended(Collection<UUID> ids) {
    if (ids.isEmpty()) {
      return Set.of();
    }
    Set<UUID> ended = new HashSet<>(ids);
    jdbc.sql(
            "select id from job where id in (:ids)"
                + " and status in ('QUEUED', 'RUNNING', 'PAUSING', 'PAUSED', 'CANCELLING')")
        .param("ids", ids)
        .query(UUID.class)
        .list()
        .forEach(ended::remove);
    return ended;
  }
}
