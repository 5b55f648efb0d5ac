package io.retort.artifact;

import static org.assertj.core.api.Assertions.assertThat;

import io.retort.database.DataDirectory;
import io.retort.testing.S3Service;
import io.retort.testing.ServiceTest;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.UUID;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;
import org.springframework.util.unit.DataSize;

/** What was staged and never kept, on the disk and in a bucket. */
@ServiceTest
class StagingSweepTest {

  private static final Duration DAY = Duration.ofHours(24);

  @Autowired JdbcClient jdbc;
  @Autowired PlatformTransactionManager transactions;
  @Autowired DataDirectory data;
  @Autowired ContentStore local;
  @Autowired StagingSweep sweep;
  @TempDir Path directory;

  /** Other tests look at the first page of datasets. */
  @AfterEach
  void forgetWhatWasKept() {
    jdbc.sql("delete from dataset where name = 'swept'").update();
  }

  @Test
  void removesWhatWasStagedADayAgo() throws Exception {
    StoredContent old = stage(local, "staged long ago");
    StoredContent young = stage(local, "staged just now");
    Instant then = Instant.now().minus(DAY).minusSeconds(60);
    Files.setLastModifiedTime(old.staged(), FileTime.from(then));
    sweep.sweep();
    assertThat(old.staged()).doesNotExist();
    assertThat(young.staged()).exists();
    local.discard(young);
  }

  @Test
  void removesFromTheBucketWhatWasNeverKeptOnceItIsADayOld() throws Exception {
    try (S3Service s3 = new S3Service(directory)) {
      SharedFiles bucket = Buckets.of(s3);
      ContentStore store = store(bucket);
      StoredContent orphan = stage(store, "an orphan");
      store.share(orphan);
      StoredContent kept = stage(store, "kept");
      keep(store, kept);
      StoredContent young = stage(store, "not kept yet");
      store.share(young);
      Instant old = Instant.now().minus(DAY).minusSeconds(60);
      for (StoredContent content : new StoredContent[] {orphan, kept}) {
        Files.setLastModifiedTime(s3.objects().resolve(key(content)), FileTime.from(old));
      }
      new StagingSweep(store, data, Clock.systemUTC()).sweep();
      assertThat(bucket.has(key(orphan))).isFalse();
      assertThat(bucket.has(key(kept))).isTrue();
      assertThat(bucket.has(key(young))).isTrue();
      assertThat(
              jdbc.sql("select count(*) from content where sha256 = ?")
                  .param(orphan.sha256())
                  .query(Integer.class)
                  .single())
          .isZero();
    }
  }

  /** Whoever keeps an orphan while it is swept must find it in the bucket afterwards. */
  @Test
  void losesNothingThatIsKeptMeanwhile() throws Exception {
    ExecutorService sweeper = Executors.newSingleThreadExecutor();
    try (S3Service s3 = new S3Service(directory)) {
      SharedFiles bucket = Buckets.of(s3);
      ContentStore store = store(bucket);
      for (int i = 0; i < 20; i++) {
        StoredContent content = stage(store, "contested " + i);
        store.share(content);
        Future<?> swept = sweeper.submit(() -> store.sweepShared(Instant.now().plus(DAY)));
        keep(store, content);
        swept.get();
        assertThat(bucket.has(key(content))).isTrue();
      }
    } finally {
      sweeper.shutdownNow();
    }
  }

  private ContentStore store(SharedFiles bucket) {
    StoreSettings settings =
        new StoreSettings(null, DataSize.ofGigabytes(1), DataSize.ofMegabytes(1));
    return new ContentStore(jdbc, transactions, data, bucket, settings, Clock.systemUTC());
  }

  private static StoredContent stage(ContentStore store, String text) {
    return store.stage(new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8)));
  }

  private void keep(ContentStore store, StoredContent content) {
    new TransactionTemplate(transactions)
        .executeWithoutResult(
            status -> {
              store.keep(content);
              jdbc.sql(
                      "insert into dataset (id, name, original_name, format, sha256, bytes,"
                          + " created_at) values (?, 'swept', 'x', 'CSV', ?, 1, now())")
                  .params(UUID.randomUUID(), content.sha256())
                  .update();
            });
  }

  private static String key(StoredContent content) {
    return "artifacts/" + content.sha256().substring(0, 2) + "/" + content.sha256();
  }
}
