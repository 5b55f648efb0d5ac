package io.retort.artifact;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.retort.testing.ServiceTest;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.transaction.support.TransactionTemplate;

@ServiceTest
class ContentStoreTest {

  @Autowired ContentStore store;
  @Autowired JdbcClient jdbc;
  @Autowired TransactionTemplate transaction;

  @Test
  void hashesWhatItStages() {
    StoredContent content = stage("abc");
    assertThat(content.bytes()).isEqualTo(3);
    assertThat(content.sha256())
        .isEqualTo("ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
    store.discard(content);
    assertThat(content.staged()).doesNotExist();
  }

  @Test
  void keepsAFileUntilNothingRefersToIt() throws Exception {
    UUID first = keep("shared");
    UUID second = keep("shared");
    String sha256 = stage("shared").sha256();
    forget(first, sha256);
    assertThat(Files.readString(store.open(sha256))).isEqualTo("shared");
    forget(second, sha256);
    assertThatThrownBy(() -> store.open(sha256)).hasMessageContaining(sha256);
  }

  @Test
  void losesNothingWhenKeepersAndRemoversMeet() throws Exception {
    ExecutorService threads = Executors.newFixedThreadPool(4);
    String sha256 = stage("contested").sha256();
    try {
      List<Future<?>> all = new ArrayList<>();
      for (int t = 0; t < 4; t++) {
        all.add(
            threads.submit(
                () -> {
                  for (int i = 0; i < 25; i++) {
                    UUID id = keep("contested");
                    assertThat(store.open(sha256)).hasContent("contested");
                    forget(id, sha256);
                  }
                }));
      }
      for (Future<?> each : all) {
        each.get();
      }
    } finally {
      threads.shutdownNow();
    }
    assertThatThrownBy(() -> store.open(sha256)).isInstanceOf(StorageException.class);
  }

  @Test
  void knowsAFullDisk() {
    assertThat(
            StorageException.isFull(
                new IllegalStateException(new java.io.IOException("No space left on device"))))
        .isTrue();
    assertThat(StorageException.isFull(new java.io.IOException("Broken pipe"))).isFalse();
  }

  private StoredContent stage(String text) {
    return store.stage(new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8)));
  }

  private UUID keep(String text) {
    StoredContent content = stage(text);
    UUID id = UUID.randomUUID();
    transaction.executeWithoutResult(
        status -> {
          store.keep(content);
          jdbc.sql(
                  "insert into dataset (id, name, original_name, format, sha256, bytes, created_at)"
                      + " values (?, 'x', 'x', 'CSV', ?, 1, now())")
              .params(id, content.sha256())
              .update();
        });
    return id;
  }

  private void forget(UUID id, String sha256) {
    jdbc.sql("delete from dataset where id = ?").param(id).update();
    store.removeIfUnused(sha256);
  }
}
