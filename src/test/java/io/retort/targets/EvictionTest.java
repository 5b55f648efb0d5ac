package io.retort.targets;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EvictionTest {

  /** 10 rows of 24 bytes and headers of 48 for two segments. */
  private static final int GROUP = 10 * 24 + 2 * 48;

  @TempDir Path directory;
  private final AtomicLong evicted = new AtomicLong();
  private final NumberedRows rows = NumberedRows.range(0, 10);
  private Instant now = Instant.parse("2026-01-01T00:00:00Z");
  private SoftTargetStore store;

  @BeforeEach
  void open() {
    store = store(2 * GROUP);
  }

  private SoftTargetStore store(long maxBytes) {
    Clock clock =
        new Clock() {
          @Override
          public Instant instant() {
            now = now.plusSeconds(1);
            return now;
          }

          @Override
          public ZoneOffset getZone() {
            return ZoneOffset.UTC;
          }

          @Override
          public Clock withZone(ZoneId zone) {
            return this;
          }
        };
    StoreListener listener =
        new StoreListener() {
          @Override
          public void evicted(long bytes) {
            evicted.addAndGet(bytes);
          }
        };
    return Stores.in(directory, maxBytes, clock, listener);
  }

  private int computed(String teacher) {
    CountingTeacher counting = new CountingTeacher(teacher);
    Stores.check(store, counting, rows);
    return counting.asked.size();
  }

  @Test
  void theLeastRecentlyUsedGoesFirst() {
    computed("a");
    computed("b");
    assertThat(store.bytes()).isEqualTo(2 * GROUP);
    assertThat(computed("a")).isZero();
    assertThat(computed("c")).isEqualTo(10);
    assertThat(evicted).hasValue(GROUP);
    assertThat(computed("a")).isZero();
    assertThat(computed("b")).isEqualTo(10);
  }

  @Test
  void whatNobodyHasReadForLongGoes() {
    computed("a");
    computed("b");
    try (LabelledParts reading = Stores.label(store, new CountingTeacher("a"), rows)) {
      Instant later = now.plusSeconds(100);
      assertThat(store.removeUnused(later)).isEqualTo(1);
      Stores.checkLogits(reading.part(0).logits(), rows, 0);
      assertThat(store.bytes()).isEqualTo(GROUP);
    }
    Instant between = now;
    assertThat(store.removeUnused(between)).isZero();
    assertThat(computed("a")).isZero();
    assertThat(store.removeUnused(now.plusSeconds(100))).isEqualTo(1);
    assertThat(store.bytes()).isZero();
  }

  @Test
  void whatAJobReadsStays() {
    try (LabelledParts reading = Stores.label(store, new CountingTeacher("a"), rows)) {
      computed("b");
      computed("c");
      computed("d");
      Stores.checkLogits(reading.part(0).logits(), rows, 0);
      assertThat(computed("a")).isZero();
      try (LabelledParts alsoReading = Stores.label(store, new CountingTeacher("a"), rows)) {
        assertThat(alsoReading.summary().computed()).isZero();
      }
      store(1).trim();
      assertThat(Stores.files(directory, Segment.SUFFIX)).hasSize(2);
    }
    store(1).trim();
    assertThat(store.bytes()).isZero();
    assertThat(Stores.files(directory, ".lock"))
        .extracting(p -> p.getFileName().toString())
        .containsExactly("mutex.lock");
  }

  @Test
  void aGroupThatNothingWasWrittenToLeavesNoTrace() {
    CountingTeacher failing =
        new CountingTeacher(
            "broken",
            List.of(),
            () -> {
              throw new IllegalStateException("no numbers today");
            });
    assertThatThrownBy(() -> Stores.label(store, failing, rows)).hasMessageContaining("no numbers");
    store.trim();
    assertThat(directory.resolve("v1/broken")).doesNotExist();
  }
}
