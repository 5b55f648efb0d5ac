package io.retort.worker;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.UUID;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

@ExtendWith(OutputCaptureExtension.class)
class HelpFailuresTest {

  private final HelpFailures failures = new HelpFailures();
  private final UUID job = UUID.randomUUID();

  @Test
  void everyFurtherTryOfAJobWaitsTwiceAsLongUpToTenMinutes() {
    long[] seconds =
        LongStream.range(0, 7)
            .map(i -> failures.pause(job, new IOException("no file")).toSeconds())
            .toArray();
    assertThat(seconds).containsExactly(30, 60, 120, 240, 480, 600, 600);
    assertThat(failures.pause(UUID.randomUUID(), new IOException("no file")).toSeconds())
        .isEqualTo(30);
  }

  @Test
  void aCauseIsToldOnceAndWithoutATrace(CapturedOutput log) {
    for (int i = 0; i < 3; i++) {
      failures.pause(job, new IOException("no file"));
    }
    failures.pause(job, new IOException("no room"));
    assertThat(log.getAll())
        .containsOnlyOnce("no file")
        .containsOnlyOnce("no room")
        .doesNotContain("\tat ");
  }
}
