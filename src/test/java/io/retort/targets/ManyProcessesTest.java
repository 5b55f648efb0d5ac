package io.retort.targets;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Real processes on one data directory, and a real kill. */
class ManyProcessesTest {

  @TempDir Path directory;

  /** Labels rows {@code from..to}, slowly; prints a line for each batch and the rows computed. */
  static final class Labeller {
    public static void main(String[] args) {
      CountingTeacher teacher =
          new CountingTeacher(
              "t",
              List.of(),
              () -> {
                System.out.println("batch");
                sleep(Long.parseLong(args[3]));
              });
      NumberedRows rows = NumberedRows.range(Integer.parseInt(args[1]), Integer.parseInt(args[2]));
      try (LabelledParts labelled = Stores.label(Stores.in(Path.of(args[0])), teacher, rows)) {
        Stores.checkLogits(labelled.part(0).logits(), rows, 0);
        System.out.println("computed " + teacher.asked.size());
        // holds its lease until it is killed or told to end
        System.in.read();
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }

    private static void sleep(long millis) {
      try {
        Thread.sleep(millis);
      } catch (InterruptedException e) {
        throw new IllegalStateException(e);
      }
    }
  }

  private Process start(int from, int to, int millisABatch) throws IOException {
    return new ProcessBuilder(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-Xmx64m",
            "-XX:TieredStopAtLevel=1",
            "-cp",
            System.getProperty("java.class.path"),
            Labeller.class.getName(),
            directory.toString(),
            String.valueOf(from),
            String.valueOf(to),
            String.valueOf(millisABatch))
        .redirectError(ProcessBuilder.Redirect.INHERIT)
        .start();
  }

  @Test
  void aProcessKilledInTheMiddleLosesOnlyWhatItHadNotCommitted() throws Exception {
    Process process = start(0, 8_000, 5);
    try (BufferedReader out = process.inputReader()) {
      for (int batch = 0; batch < 20; batch++) {
        assertThat(out.readLine()).isEqualTo("batch");
      }
      process.destroyForcibly();
      assertThat(process.waitFor(20, TimeUnit.SECONDS)).isTrue();
    }
    assertThat(process.exitValue()).isEqualTo(128 + 9);
    assertThat(Stores.files(directory, ".lease")).as("it was not asked to tidy up").hasSize(1);

    CountingTeacher teacher = new CountingTeacher("t");
    Stores.check(Stores.in(directory), teacher, NumberedRows.range(0, 400));
    // lost are the batch under way and, as commits become rarer, a tenth of the time before
    assertThat(teacher.asked).doesNotHaveDuplicates().contains(399).doesNotContain(0, 10 * 8);
    Stores.in(directory, 1, Clock.systemUTC(), StoreListener.NONE).trim();
    assertThat(Stores.files(directory, Segment.SUFFIX)).as("a dead man's lease holds").isEmpty();
  }

  @Test
  void processesThatLabelAtOnceShareTheWorkAndHoldWhatTheyRead() throws Exception {
    List<Process> processes = new ArrayList<>();
    try {
      processes.add(start(0, 400, 2));
      processes.add(start(100, 500, 2));
      int computed = 0;
      for (Process process : processes) {
        computed += computed(process);
      }
      assertThat(computed).isEqualTo(500);
      SoftTargetStore tiny = Stores.in(directory, 1, Clock.systemUTC(), StoreListener.NONE);
      tiny.trim();
      assertThat(tiny.bytes()).isPositive();
      for (Process process : processes) {
        process.getOutputStream().close();
        assertThat(process.waitFor(20, TimeUnit.SECONDS)).isTrue();
        assertThat(process.exitValue()).isZero();
      }
      tiny.trim();
      assertThat(tiny.bytes()).isZero();
    } finally {
      processes.forEach(Process::destroyForcibly);
    }
  }

  @Test
  void processesWithTheSameRowsComputeSideBySide() throws Exception {
    List<Process> processes = List.of(start(0, 4_000, 5), start(0, 4_000, 5));
    try {
      int all = 0;
      for (Process process : processes) {
        int computed = computed(process);
        assertThat(computed).isGreaterThan(400);
        all += computed;
      }
      assertThat(all).isEqualTo(4_000);
    } finally {
      processes.forEach(Process::destroyForcibly);
    }
  }

  /** Pieces that take long, in which a process gives signs of life and keeps its claim. */
  @Test
  void aClaimHoldsWhileItsRowsAreComputed() throws Exception {
    List<Process> processes = List.of(start(0, 256, 200), start(0, 256, 200));
    try {
      assertThat(computed(processes.get(0)) + computed(processes.get(1))).isEqualTo(256);
    } finally {
      processes.forEach(Process::destroyForcibly);
    }
  }

  @Test
  void whatAKilledProcessHadClaimedIsComputedByTheOther() throws Exception {
    Process killed = start(0, 4_000, 5);
    Process other = start(0, 4_000, 5);
    try {
      for (Process process : List.of(killed, other)) {
        for (int batch = 0; batch < 20; batch++) {
          assertThat(process.inputReader().readLine()).isEqualTo("batch");
        }
      }
      killed.destroyForcibly();
      assertThat(computed(other)).isBetween(2_000, 4_000);
    } finally {
      killed.destroyForcibly();
      other.destroyForcibly();
    }
  }

  /** Waits until it has labelled; every value was checked there. */
  private static int computed(Process process) throws IOException {
    BufferedReader out = process.inputReader();
    String line = out.readLine();
    while (line.equals("batch")) {
      line = out.readLine();
    }
    return Integer.parseInt(line.substring("computed ".length()));
  }
}
