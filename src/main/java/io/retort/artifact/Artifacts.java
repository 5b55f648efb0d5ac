package io.retort.artifact;

import java.sql.Timestamp;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;
import org.springframework.transaction.annotation.Propagation;
import org.springframework.transaction.annotation.Transactional;

/** The files of jobs, by job and name. */
@Repository
public class Artifacts {

  private static final String COLUMNS = "select name, media_type, bytes, sha256 from artifact";

  private final JdbcClient jdbc;
  private final ContentStore contents;
  private final Clock clock;

  Artifacts(JdbcClient jdbc, ContentStore contents, Clock clock) {
    this.jdbc = jdbc;
    this.contents = contents;
    this.clock = clock;
  }

  /** A job's files by name. */
  public List<Artifact> of(UUID job) {
    return jdbc.sql(COLUMNS + " join content using (sha256) where job_id = ? order by name")
        .param(job)
        .query(Artifact.class)
        .list();
  }

  public Optional<Artifact> find(UUID job, String name) {
    return jdbc.sql(COLUMNS + " join content using (sha256) where job_id = ? and name = ?")
        .params(job, name)
        .query(Artifact.class)
        .optional();
  }

  /** Keeps a file for a job, in the caller's transaction. */
  @Transactional(propagation = Propagation.MANDATORY)
  public void add(UUID job, String name, String mediaType, StoredContent content) {
    contents.keep(content);
    jdbc.sql(
            "insert into artifact (job_id, name, media_type, sha256, created_at)"
                + " values (?, ?, ?, ?, ?)")
        .params(job, name, mediaType, content.sha256(), Timestamp.from(clock.instant()))
        .update();
  }

  /** Removes a job's files and frees what nothing else uses. */
  public void removeOf(UUID job) {
    List<String> removed =
        jdbc.sql("delete from artifact where job_id = ? returning sha256")
            .param(job)
            .query(String.class)
            .list();
    removed.stream().distinct().forEach(contents::removeIfUnused);
  }
}
