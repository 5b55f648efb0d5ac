package io.retort.targets;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Whatever happens to a file of soft targets, nobody is served what the teacher did not say. */
class DamageTest {

  @TempDir Path directory;
  private final AtomicInteger damaged = new AtomicInteger();
  private final NumberedRows rows = NumberedRows.range(0, 8);

  private CountingTeacher label() {
    CountingTeacher teacher = new CountingTeacher("t");
    StoreListener listener =
        new StoreListener() {
          @Override
          public void damaged() {
            damaged.incrementAndGet();
          }
        };
    Stores.check(Stores.unhurried(directory, listener), teacher, rows);
    return teacher;
  }

  @Test
  void everyChangedByteIsNoticedAndItsRowsComputedAnew() throws IOException {
    label();
    byte[] intact = Files.readAllBytes(segment());
    SplittableRandom random = new SplittableRandom(9);
    for (int at = 0; at < intact.length; at++) {
      byte[] changed = intact.clone();
      changed[at] ^= (byte) (1 << random.nextInt(8));
      Files.write(segment(), changed);
      assertThat(label().asked).as("byte %d of %d", at, intact.length).hasSize(8);
    }
    assertThat(damaged).hasValue(intact.length);
  }

  @Test
  void everyTruncationIsNoticed() throws IOException {
    label();
    byte[] intact = Files.readAllBytes(segment());
    for (int length = 0; length < intact.length; length++) {
      Files.write(segment(), Arrays.copyOf(intact, length));
      assertThat(label().asked).as("%d of %d bytes", length, intact.length).hasSize(8);
    }
    Files.write(segment(), Arrays.copyOf(intact, intact.length + 1));
    assertThat(label().asked).hasSize(8);
  }

  @Test
  void whatAWriterLeftUnfinishedIsRemovedByTheNext() throws IOException {
    label();
    Path part = segment().resolveSibling("0199.part");
    Files.write(part, new byte[100]);
    Stores.check(Stores.in(directory), new CountingTeacher("t"), NumberedRows.range(0, 9));
    assertThat(part).doesNotExist();
  }

  private Path segment() {
    return Stores.files(directory, Segment.SUFFIX).get(0);
  }
}
