package io.retort.artifact;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ContentCacheTest {

  private static final Instant NOW = Instant.parse("2026-11-26T12:00:00Z");

  @TempDir Path root;

  private ContentCache cache(long maxBytes, Instant now) {
    return new ContentCache(root, maxBytes, Clock.fixed(now, ZoneOffset.UTC));
  }

  /** A hundred bytes that were used so long ago. */
  private Path file(char digit, Duration ago) throws IOException {
    Path directory = Files.createDirectories(root.resolve("" + digit + digit));
    Path file = Files.write(directory.resolve(("" + digit).repeat(64)), new byte[100]);
    return Files.setLastModifiedTime(file, FileTime.from(NOW.minus(ago)));
  }

  @Test
  void theLeastRecentlyUsedGoUntilTheRestFits() throws Exception {
    Path oldest = file('a', Duration.ofHours(9));
    Path older = file('b', Duration.ofHours(5));
    Path old = file('c', Duration.ofHours(2));
    cache(250, NOW).added();
    assertThat(oldest).doesNotExist();
    assertThat(older).exists();
    assertThat(old).exists();
  }

  @Test
  void whatWasJustHandedOutStays() throws Exception {
    Path handedOut = file('a', Duration.ofMinutes(59));
    Path old = file('b', Duration.ofHours(2));
    cache(0, NOW).added();
    assertThat(handedOut).exists();
    assertThat(old).doesNotExist();
  }

  @Test
  void openingAFileMakesItYoung() throws Exception {
    Path opened = file('a', Duration.ofHours(9));
    Path other = file('b', Duration.ofHours(2));
    ContentCache cache = cache(100, NOW);
    cache.touch(opened);
    cache.added();
    assertThat(opened).exists();
    assertThat(other).doesNotExist();
  }

  @Test
  void nothingGoesThatFitsOrIsNoContent() throws Exception {
    Path kept = file('a', Duration.ofDays(9));
    Path staging = Files.createDirectories(root.resolve("staging"));
    Path staged = Files.write(staging.resolve("content1.part"), new byte[1_000]);
    Files.setLastModifiedTime(staged, FileTime.from(NOW.minus(Duration.ofDays(9))));
    cache(100, NOW).added();
    assertThat(kept).exists();
    assertThat(staged).exists();
  }

  /** Looking through a large cache for every file of a job would take longer than the job. */
  @Test
  void looksOnceInAWhile() throws Exception {
    ContentCache cache = cache(0, NOW);
    cache.added();
    Path late = file('a', Duration.ofHours(2));
    cache.added();
    assertThat(late).exists();
    cache(0, NOW).added();
    assertThat(late).doesNotExist();
  }
}
