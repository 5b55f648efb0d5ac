package io.retort.targets;

import static org.assertj.core.api.Assertions.assertThat;

import io.retort.dataset.Split;
import io.retort.spec.Cancellation;
import io.retort.spec.Precision;
import io.retort.teacher.SoftTargets;
import io.retort.teacher.Teacher;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.FloatBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** What the store's tests have in common. */
final class Stores {

  private Stores() {}

  /** Commits often. */
  static SoftTargetStore in(Path directory) {
    return in(directory, 1 << 20, Clock.systemUTC(), StoreListener.NONE);
  }

  static SoftTargetStore in(Path directory, long maxBytes, Clock clock, StoreListener listener) {
    return new SoftTargetStore(directory, maxBytes, Duration.ZERO, clock, listener);
  }

  /** Of a machine that shares a bucket; commits often. */
  static SoftTargetStore sharing(Path directory, SharedTargets shared) {
    return sharing(directory, shared, SharedClaims.SILENCE);
  }

  /** One that does not wait long for machines that give no sign. */
  static SoftTargetStore sharing(Path directory, SharedTargets shared, Duration silence) {
    return new SoftTargetStore(
        directory, 1 << 20, Duration.ZERO, Clock.systemUTC(), StoreListener.NONE, shared, silence);
  }

  /** Commits at the end. */
  static SoftTargetStore unhurried(Path directory, StoreListener listener) {
    return new SoftTargetStore(
        directory, 1 << 20, Duration.ofHours(1), Clock.systemUTC(), listener);
  }

  static LabelledParts label(SoftTargetStore store, Teacher teacher, Split... parts) {
    return store.label("", teacher, List.of(parts), Precision.FLOAT32, Cancellation.NONE, d -> {});
  }

  /** Labels, checks every value and closes again. */
  static LabelledParts.Summary check(
      SoftTargetStore store, CountingTeacher teacher, NumberedRows... parts) {
    try (LabelledParts labelled = label(store, teacher, parts)) {
      for (int p = 0; p < parts.length; p++) {
        checkLogits(labelled.part(p).logits(), parts[p], 0);
      }
      return labelled.summary();
    }
  }

  static void checkLogits(SoftTargets logits, NumberedRows rows, float tolerance) {
    assertThat(logits.size()).isEqualTo(rows.size());
    assertThat(logits.width()).isEqualTo(2);
    FloatBuffer into = FloatBuffer.allocate(2 * rows.size());
    logits.gather(IntStream.range(0, rows.size()).toArray(), 0, rows.size(), into);
    for (int i = 0; i < rows.size(); i++) {
      float expected = CountingTeacher.logit(rows.numbers()[i]);
      assertThat(Math.abs(into.get(2 * i) - expected)).isLessThanOrEqualTo(tolerance);
      assertThat(into.get(2 * i + 1)).isEqualTo(1);
    }
  }

  static List<Path> files(Path directory, String suffix) {
    try (Stream<Path> all = Files.walk(directory)) {
      return all.filter(p -> p.toString().endsWith(suffix)).sorted().toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
