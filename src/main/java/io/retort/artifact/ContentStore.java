package io.retort.artifact;

import io.retort.database.DataDirectory;
import io.retort.spec.Sha256;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Clock;
import java.time.Instant;
import java.util.UUID;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.DataIntegrityViolationException;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.TransactionDefinition;
import org.springframework.transaction.annotation.Propagation;
import org.springframework.transaction.annotation.Transactional;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * Files under {@code artifacts/ab/<sha256>}; those of the data directory are a cache where there is
 * a bucket. The table {@code content} has a row for each; tables that use a file refer to that row,
 * so the database itself refuses to drop what is in use. The row's lock orders a keeper and a
 * remover of the same content.
 */
@Component
public class ContentStore {

  private static final Logger LOG = LoggerFactory.getLogger(ContentStore.class);
  private static final String PREFIX = "artifacts/";

  private final JdbcClient jdbc;
  private final TransactionTemplate ownTransaction;
  private final Path root;
  private final Path staging;
  private final SharedFiles shared;
  private final ContentCache cache;

  ContentStore(
      JdbcClient jdbc,
      PlatformTransactionManager transactions,
      DataDirectory data,
      SharedFiles shared,
      StoreSettings settings,
      Clock clock) {
    this.jdbc = jdbc;
    this.ownTransaction = new TransactionTemplate(transactions);
    this.ownTransaction.setPropagationBehavior(TransactionDefinition.PROPAGATION_REQUIRES_NEW);
    this.root = data.directory("artifacts");
    this.staging = data.directory("artifacts", "staging");
    this.shared = shared;
    this.cache =
        new ContentCache(
            root, shared.apart() ? settings.cacheSize().toBytes() : Long.MAX_VALUE, clock);
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
   * Lets other machines have staged content: what takes long about {@link #keep}, ahead of it and
   * outside of its transaction. What is not kept in the end is removed a day later.
   */
  public void share(StoredContent content) {
    shared.put(key(content.sha256()), content.staged());
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
    if (!shared.has(key(content.sha256()))) {
      share(content);
    }
    Path target = path(content.sha256());
    try {
      if (Files.exists(target)) {
        Files.deleteIfExists(content.staged());
      } else {
        Files.createDirectories(target.getParent());
        Files.move(content.staged(), target, StandardCopyOption.ATOMIC_MOVE);
        cache.added();
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
    try {
      if (!Files.exists(path)) {
        fetch(sha256, path);
      } else if (shared.apart()) {
        cache.touch(path);
      }
      return path;
    } catch (IOException e) {
      throw StorageException.of(e);
    }
  }

  private void fetch(String sha256, Path target) throws IOException {
    Path part = staging.resolve(UUID.randomUUID() + ".part");
    try {
      if (!shared.fetch(key(sha256), part) || !Sha256.of(part).equals(sha256)) {
        throw StorageException.lost(sha256);
      }
      Files.createDirectories(target.getParent());
      Files.move(part, target, StandardCopyOption.ATOMIC_MOVE);
      cache.added();
    } finally {
      Files.deleteIfExists(part);
    }
  }

  /** Removes a file that nothing refers to any more; does nothing while something does. */
  public void removeIfUnused(String sha256) {
    try {
      ownTransaction.executeWithoutResult(
          transaction -> {
            if (jdbc.sql("delete from content where sha256 = ?").param(sha256).update() > 0) {
              delete(path(sha256));
              forget(sha256);
            }
          });
    } catch (DataIntegrityViolationException stillUsed) {
      // The foreign keys are the reference count.
    }
  }

  private void forget(String sha256) {
    try {
      shared.delete(key(sha256));
    } catch (StorageException e) {
      LOG.warn("{} stays in the bucket until it is swept: {}", sha256, e.getMessage());
    }
  }

  /**
   * Removes shared content that is older and was never kept, or whose removal did not get through.
   */
  void sweepShared(Instant older) {
    for (SharedFiles.Entry entry : shared.list(PREFIX)) {
      if (entry.modified().isBefore(older) && !isKept(entry.name())) {
        ownTransaction.executeWithoutResult(transaction -> sweepShared(entry.name()));
      }
    }
  }

  private boolean isKept(String sha256) {
    return jdbc.sql("select count(*) from content where sha256 = ?")
            .param(sha256)
            .query(Integer.class)
            .single()
        > 0;
  }

  /**
   * Its row is made and removed again, so that whoever keeps it now waits, and then finds it gone.
   */
  private void sweepShared(String sha256) {
    int made =
        jdbc.sql("insert into content (sha256, bytes) values (?, 0) on conflict do nothing")
            .param(sha256)
            .update();
    if (made > 0) {
      shared.delete(key(sha256));
      jdbc.sql("delete from content where sha256 = ?").param(sha256).update();
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

  private static String key(String sha256) {
    return PREFIX + sha256.substring(0, 2) + "/" + sha256;
  }

  private Path path(String sha256) {
    return root.resolve(sha256.substring(0, 2)).resolve(sha256);
  }
}
