package io.retort.targets;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.retort.spec.Cancellation;
import io.retort.spec.Precision;
import io.retort.teacher.SoftTargets;
import io.retort.teacher.Tap;
import io.retort.teacher.TeacherException;
import java.nio.FloatBuffer;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SoftTargetStoreTest {

  @TempDir Path directory;

  @Test
  void asksTheTeacherOnceForEachDifferentRow() {
    CountingTeacher teacher = new CountingTeacher("t");
    LabelledParts.Summary first =
        Stores.check(
            Stores.in(directory), teacher, new NumberedRows(5, 6, 5), new NumberedRows(6, 7));
    assertThat(teacher.asked).containsExactly(5, 6, 7);
    assertThat(first).isEqualTo(new LabelledParts.Summary(5, 2, 3, 0, 0));

    CountingTeacher again = new CountingTeacher("t");
    LabelledParts.Summary second =
        Stores.check(Stores.in(directory), again, new NumberedRows(7, 5, 6, 5));
    assertThat(again.asked).isEmpty();
    assertThat(second).isEqualTo(new LabelledParts.Summary(4, 4, 0, 0, 0));
  }

  /** Whatever datasets come, in any order: right values, and no row of a teacher twice. */
  @Test
  void computesOnlyWhatNobodyKnowsHoweverDataIsReorderedFilteredAndExtended() {
    SplittableRandom random = new SplittableRandom(5);
    Set<Integer> known = new HashSet<>();
    for (int round = 0; round < 40; round++) {
      int[] numbers = random.ints(random.nextInt(1, 60), 0, 200).toArray();
      int[] more = random.ints(random.nextInt(1, 30), 0, 300).toArray();
      CountingTeacher teacher = new CountingTeacher("t");
      Stores.check(
          Stores.unhurried(directory, StoreListener.NONE),
          teacher,
          new NumberedRows(numbers),
          new NumberedRows(more));
      assertThat(teacher.asked).doesNotHaveDuplicates().noneMatch(known::contains);
      Arrays.stream(numbers).forEach(known::add);
      Arrays.stream(more).forEach(known::add);
    }
  }

  @Test
  void keepsTeachersApart() {
    SoftTargetStore store = Stores.in(directory);
    Stores.check(store, new CountingTeacher("t"), NumberedRows.range(0, 5));
    CountingTeacher other = new CountingTeacher("u");
    Stores.check(store, other, NumberedRows.range(0, 5));
    assertThat(other.asked).hasSize(5);
  }

  @Test
  void keepsTapsBesideTheLogits() {
    SoftTargetStore store = Stores.in(directory);
    NumberedRows rows = NumberedRows.range(0, 20);
    Stores.check(store, new CountingTeacher("t"), rows);
    List<Tap> taps = List.of(new Tap("block/1", List.of(2, 2)));
    CountingTeacher tapped = new CountingTeacher("t", taps, () -> {});
    for (int round = 0; round < 2; round++) {
      try (LabelledParts labelled = Stores.label(store, tapped, rows)) {
        SoftTargets tap = labelled.part(0).taps().get("block/1");
        assertThat(tap.width()).isEqualTo(4);
        FloatBuffer into = FloatBuffer.allocate(8);
        tap.gather(new int[] {9, 17, 3}, 1, 2, into);
        assertThat(into.array()).containsExactly(17, 17, 17, 17, 3, 3, 3, 3);
        Stores.checkLogits(labelled.part(0).logits(), rows, 0);
      }
    }
    assertThat(tapped.asked).hasSize(20);
    CountingTeacher plain = new CountingTeacher("t");
    Stores.check(store, plain, rows);
    assertThat(plain.asked).isEmpty();
  }

  @Test
  void saysWhatHalfPrecisionCosts() {
    NumberedRows rows = NumberedRows.range(1000, 1100);
    float largest = 0;
    for (int n : rows.numbers()) {
      float logit = CountingTeacher.logit(n);
      largest = Math.max(largest, Math.abs(logit - Half.value(Half.of(logit))));
    }
    for (int round = 0; round < 2; round++) {
      CountingTeacher teacher = new CountingTeacher("t");
      try (LabelledParts labelled = half(teacher, rows)) {
        Stores.checkLogits(labelled.part(0).logits(), rows, largest);
        assertThat(labelled.summary().largestRounding()).isEqualTo(largest).isPositive();
        assertThat(teacher.asked).hasSize(round == 0 ? 100 : 0);
      }
    }
  }

  @Test
  void refusesWhatHalfPrecisionCannotHoldAndKeepsTheRest() {
    CountingTeacher teacher = new CountingTeacher("t");
    NumberedRows rows = new NumberedRows(1, 2, 3, 4, 5, 6, 7, 8, /* a new batch */ 9, 3_000_000);
    assertThatThrownBy(() -> half(teacher, rows))
        .isInstanceOf(TeacherException.class)
        .hasMessageContaining("float16")
        .extracting("code")
        .isEqualTo("soft_targets_overflow");
    CountingTeacher again = new CountingTeacher("t");
    half(again, NumberedRows.range(1, 10)).close();
    assertThat(again.asked).containsExactly(9);
  }

  @Test
  void whatOneOwnerHasOthersDoNotSee() {
    NumberedRows rows = NumberedRows.range(0, 20);
    for (String owner : List.of("", "search", "ads")) {
      CountingTeacher first = new CountingTeacher("t");
      owned(owner, first, rows).close();
      assertThat(first.asked).as(owner).hasSize(20);
      CountingTeacher second = new CountingTeacher("t");
      try (LabelledParts labelled = owned(owner, second, rows)) {
        assertThat(labelled.summary().known()).isEqualTo(20);
      }
      assertThat(second.asked).isEmpty();
    }
  }

  private LabelledParts owned(String owner, CountingTeacher teacher, NumberedRows rows) {
    return Stores.in(directory)
        .label(owner, teacher, List.of(rows), Precision.FLOAT32, Cancellation.NONE, d -> {});
  }

  private LabelledParts half(CountingTeacher teacher, NumberedRows rows) {
    return Stores.in(directory)
        .label("", teacher, List.of(rows), Precision.FLOAT16, Cancellation.NONE, d -> {});
  }

  @Test
  void aCancelledLabellingKeepsWhatIsDone() {
    AtomicInteger calls = new AtomicInteger();
    CountingTeacher teacher = new CountingTeacher("t", List.of(), calls::incrementAndGet);
    NumberedRows rows = NumberedRows.range(0, 80);
    assertThatThrownBy(
            () ->
                Stores.in(directory)
                    .label(
                        "",
                        teacher,
                        List.of(rows),
                        Precision.FLOAT32,
                        () -> calls.get() == 3,
                        done -> {}))
        .isInstanceOf(Cancellation.CancelledException.class);
    CountingTeacher again = new CountingTeacher("t");
    Stores.check(Stores.in(directory), again, rows);
    assertThat(again.asked).hasSize(80 - 3 * 8);
    assertThat(Stores.files(directory, ".part")).isEmpty();
    assertThat(Stores.files(directory, ".lease")).isEmpty();
  }

  @Test
  void refusesMoreThanItMayEverHold() {
    SoftTargetStore small = Stores.in(directory, 1000, Clock.systemUTC(), StoreListener.NONE);
    CountingTeacher teacher = new CountingTeacher("t");
    // 42 rows of 2 * 4 + 16 bytes
    assertThatThrownBy(() -> Stores.label(small, teacher, NumberedRows.range(0, 42)))
        .hasMessageContaining("1,008 bytes")
        .hasMessageContaining("retort.soft-targets.max-bytes");
    assertThat(teacher.asked).isEmpty();
    Stores.check(small, teacher, NumberedRows.range(0, 41));
  }
}
