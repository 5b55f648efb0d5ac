package io.retort.artifact;

import io.retort.database.DataDirectory;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import org.springframework.dao.DataIntegrityViolationException;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.TransactionDefinition;
import org.springframework.transaction.annotation.Propagation;
import org.springframework.transaction.annotation.Transactional;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * Files under {@code artifacts/ab/<sha256>}. The table {@code content} has a row for each; tables
 * that use a file refer to that row, so the database itself refuses to drop what is in use. The
 * row's lock orders a keeper and a remover of the same content.
 */
@Component
public class ContentStore {

  private final JdbcClient jdbc;
  private final TransactionTemplate ownTransaction;
  private final Path root;
  private final Path staging;

  ContentStore(JdbcClient jdbc, PlatformTransactionManager transactions, DataDirectory data) {
    this.jdbc = jdbc;
    this.ownTransaction = new TransactionTemplate(transactions);
    this.ownTransaction.setPropagationBehavior(TransactionDefinition.PROPAGATION_REQUIRES_NEW);
    this.root = data.directory("artifacts");
    this.staging = data.directory("artifacts", "staging");
  }

  /** Copies and hashes a stream, and makes sure that it is on the disk. */
  public StoredContent stage(InputStream in) {
    try {
      return Staging.write(in, Files.createTempFile(staging, "content", ".part"));
    } catch (IOException e) {
      throw StorageException.of(e);
    }
  }

  /** As {@link #stage(InputStream)}, from a file, which stays where it is. */
  public StoredContent stage(Path file) {
    try (InputStream in = Files.newInputStream(file)) {
      return stage(in);
    } catch (IOException e) {
      throw StorageException.of(e);
    }
  }

  /**
   * Makes staged content permanent, together with the row that refers to it: to be called in that
   * row's transaction, before it is inserted.
   */
  @Transactional(propagation = Propagation.MANDATORY)
  public void keep(StoredContent content) {
    // The update takes the row's lock even where the content is known already.
    jdbc.sql(
            "insert into content (sha256, bytes) values (?, ?)"
                + " on conflict (sha256) do update set bytes = excluded.bytes")
        .params(content.sha256(), content.bytes())
        .update();
    Path target = path(content.sha256());
    try {
      if (Files.exists(target)) {
        Files.deleteIfExists(content.staged());
      } else {
        Files.createDirectories(target.getParent());
        Files.move(content.staged(), target, StandardCopyOption.ATOMIC_MOVE);
      }
    } catch (IOException e) {
      throw StorageException.of(e);
    }
  }

  /** Gives up staged content that will not be kept. */
  public void discard(StoredContent content) {
    try {
      Files.deleteIfExists(content.staged());
    } catch (IOException e) {
      throw StorageException.of(e);
    }
  }

  /**
   * A kept file.
   *
   * @throws StorageException {@code content_lost} where it is gone
   */
  public Path open(String sha256) {
    Path path = path(sha256);
    if (!Files.exists(path)) {
      throw StorageException.lost(sha256);
    }
    return path;
  }

  /** Removes a file that nothing refers to any more; does nothing while something does. */
  public void removeIfUnused(String sha256) {
    try {
      ownTransaction.executeWithoutResult(
          transaction -> {
            if (jdbc.sql("delete from content where sha256 = ?").param(sha256).update() > 0) {
              delete(path(sha256));
            }
          });
    } catch (DataIntegrityViolationException stillUsed) {
      // The foreign keys are the reference count.
    }
  }

  /** Bytes of all kept files, each counted once. */
  public long bytes() {
    return jdbc.sql("select coalesce(sum(bytes), 0)::bigint from content")
        .query(Long.class)
        .single();
  }

  private static void delete(Path file) {
    try {
      Files.deleteIfExists(file);
    } catch (IOException e) {
      throw StorageException.of(e);
    }
  }

  private Path path(String sha256) {
    return root.resolve(sha256.substring(0, 2)).resolve(sha256);
  }
}
