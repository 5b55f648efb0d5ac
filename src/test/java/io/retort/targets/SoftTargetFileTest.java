package io.retort.targets;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.retort.dataset.Split;
import io.retort.spec.Cancellation;
import io.retort.teacher.SoftTargets;
import io.retort.teacher.Teacher;
import io.retort.teacher.TeacherException;
import java.nio.FloatBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SoftTargetFileTest {

  private static final int ROWS = 10;

  @TempDir Path directory;

  /** Row r is [r, r + 0.5]. */
  private static final Split PART =
      new Split() {
        @Override
        public int size() {
          return ROWS;
        }

        @Override
        public int columns() {
          return 2;
        }

        @Override
        public void gather(int[] positions, int from, int count, FloatBuffer into) {
          for (int i = 0; i < count; i++) {
            into.put(2 * i, positions[from + i]).put(2 * i + 1, positions[from + i] + 0.5f);
          }
        }

        @Override
        public int label(int position) {
          return 0;
        }
      };

  /** Logits are the sum of a row's features, its difference and {@code extra}; 4 rows a call. */
  private record Sums(float extra, List<Integer> calls) implements Teacher {
    @Override
    public List<String> classes() {
      return List.of("a", "b", "c");
    }

    @Override
    public String fingerprint() {
      throw new AssertionError("files of one job need no fingerprint");
    }

    @Override
    public int columns() {
      return 2;
    }

    @Override
    public int maxBatch() {
      return 4;
    }

    @Override
    public void compute(
        FloatBuffer features, int rows, FloatBuffer logits, List<FloatBuffer> taps) {
      calls.add(rows);
      for (int r = 0; r < rows; r++) {
        float a = features.get(2 * r);
        float b = features.get(2 * r + 1);
        logits.put(3 * r, a + b).put(3 * r + 1, a - b).put(3 * r + 2, a == 6 ? extra : 1);
      }
    }

    @Override
    public void close() {}
  }

  @Test
  void holdsTheLogitsOfEveryRowByPosition() {
    Sums teacher = new Sums(-3, new ArrayList<>());
    List<Double> progress = new ArrayList<>();
    try (SoftTargets targets =
        SoftTargetFile.label(
            teacher, PART, directory.resolve("t.f32"), Cancellation.NONE, progress::add)) {
      assertThat(teacher.calls()).containsExactly(4, 4, 2);
      assertThat(progress).containsExactly(0.4, 0.8, 1.0);
      assertThat(targets.size()).isEqualTo(ROWS);
      assertThat(targets.width()).isEqualTo(3);
      FloatBuffer into = FloatBuffer.allocate(9);
      targets.gather(new int[] {99, 9, 0, 6}, 1, 3, into);
      assertThat(into.array()).containsExactly(18.5f, -0.5f, 1, 0.5f, -0.5f, 1, 12.5f, -0.5f, -3);
    }
    assertThat(directory.resolve("t.f32")).hasSize(ROWS * 3 * Float.BYTES);
  }

  @Test
  void refusesLogitsThatAreNotFiniteAndNamesTheRow() {
    for (float bad : new float[] {Float.NaN, Float.POSITIVE_INFINITY}) {
      assertThatThrownBy(() -> label(new Sums(bad, new ArrayList<>()), Cancellation.NONE))
          .isInstanceOf(TeacherException.class)
          .hasMessageContaining("row 6")
          .extracting("code")
          .isEqualTo("teacher_not_finite");
    }
    assertThat(directory.resolve("t.f32")).doesNotExist();
  }

  @Test
  void aCancelledPassLeavesNoFile() {
    Sums teacher = new Sums(0, new ArrayList<>());
    assertThatThrownBy(() -> label(teacher, () -> teacher.calls().size() == 2))
        .isInstanceOf(Cancellation.CancelledException.class);
    assertThat(directory.resolve("t.f32")).doesNotExist();
  }

  @Test
  void saysThatThereIsNoRoomWhereItCannotWrite() {
    assertThat(Files.exists(directory.resolve("missing"))).isFalse();
    assertThatThrownBy(
            () ->
                SoftTargetFile.label(
                    new Sums(0, new ArrayList<>()),
                    PART,
                    directory.resolve("missing/t.f32"),
                    Cancellation.NONE,
                    done -> {}))
        .isInstanceOf(TeacherException.class)
        .extracting("code")
        .isEqualTo("storage_failed");
  }

  private void label(Teacher teacher, Cancellation cancellation) {
    SoftTargetFile.label(teacher, PART, directory.resolve("t.f32"), cancellation, done -> {})
        .close();
  }
}
