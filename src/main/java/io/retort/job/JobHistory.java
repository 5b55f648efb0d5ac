package io.retort.job;

import io.retort.web.CursorPage;
import io.swagger.v3.oas.annotations.media.Schema;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** What happened in a job: its events, its metrics and its result. */
@Repository
public class JobHistory {

  /** Something that happened in a job. */
  @Schema(name = "Event", description = "Something that happened in a job.")
  public record EventView(
      @Schema(description = "Rises within a job", example = "17") String id,
      Instant at,
      @Schema(description = "`info`, `warning` or `error`", example = "info") String level,
      @Schema(example = "Teacher trained: 91.6 % on the validation part.") String message,
      @Schema(description = "Further facts by name") Map<String, Object> data) {}

  /** One point of a series. */
  @Schema(name = "Metric", description = "One point of a series.")
  public record MetricView(
      @Schema(example = "student.loss") String series,
      @Schema(description = "From 1", example = "3") int epoch,
      @Schema(description = "Steps since the beginning of the training", example = "108") long step,
      @Schema(description = "Null where it is not a number", example = "0.412")
          @Nullable Double value,
      Instant at) {}

  /** A point and its place among all points of all jobs. */
  public record NumberedMetric(long number, MetricView point) {}

  private static final String METRIC_COLUMNS = "select series, epoch, step, value, at";

  private final JdbcClient jdbc;
  private final JsonMapper json;

  JobHistory(JdbcClient jdbc, JsonMapper json) {
    this.jdbc = jdbc;
    this.json = json;
  }

  /** Events in the order in which they happened. */
  public CursorPage<EventView> events(UUID job, int limit, long after) {
    List<EventView> rows =
        jdbc.sql("select * from job_event where job_id = ? and seq > ? order by seq limit ?")
            .params(job, after, limit + 1)
            .query(this::event)
            .list();
    return CursorPage.of(rows, limit, EventView::id);
  }

  /**
   * Points of all or some series in the order in which they were measured.
   *
   * @param series empty for all
   * @param maxPoints at most this many a series, evenly chosen, first and last among them
   */
  public List<MetricView> metrics(UUID job, List<String> series, int maxPoints) {
    return jdbc.sql(
            """
            with numbered as (
              select *, row_number() over w - 1 as place, count(*) over (partition by series) as points
              from job_metric
              where job_id = :job and (:all or series in (:series))
              window w as (partition by series order by seq)),
            bucketed as (
              select *, place * (:max - 1) / greatest(points - 1, 1) as bucket,
                     (place - 1) * (:max - 1) / greatest(points - 1, 1) as previous_bucket
              from numbered)
            """
                + METRIC_COLUMNS
                + " from bucketed"
                + " where points <= :max or place = 0 or bucket > previous_bucket order by seq")
        .param("job", job)
        .param("all", series.isEmpty())
        .param("series", series.isEmpty() ? List.of("") : series)
        .param("max", (long) maxPoints)
        .query(JobHistory::metric)
        .list();
  }

  /** Points in the order in which they were measured, from one on. */
  public List<NumberedMetric> metricsAfter(UUID job, long number, int limit) {
    return jdbc.sql("select * from job_metric where job_id = ? and seq > ? order by seq limit ?")
        .params(job, number, limit)
        .query((row, n) -> new NumberedMetric(row.getLong("seq"), metric(row, n)))
        .list();
  }

  /** The comparison of a job that has succeeded; empty where it made none. */
  public Optional<JsonNode> report(UUID job) {
    return jdbc.sql("select report from job_result where job_id = ? and report is not null")
        .param(job)
        .query(String.class)
        .optional()
        .map(json::readTree);
  }

  private EventView event(ResultSet row, int number) throws SQLException {
    return new EventView(
        row.getString("seq"),
        row.getTimestamp("at").toInstant(),
        row.getString("level").toLowerCase(Locale.ROOT),
        row.getString("message"),
        json.readValue(row.getString("data"), new TypeReference<>() {}));
  }

  private static MetricView metric(ResultSet row, int number) throws SQLException {
    double value = row.getDouble("value");
    return new MetricView(
        row.getString("series"),
        row.getInt("epoch"),
        row.getLong("step"),
        Double.isFinite(value) ? value : null,
        row.getTimestamp("at").toInstant());
  }
}
