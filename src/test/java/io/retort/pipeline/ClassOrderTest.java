package io.retort.pipeline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.retort.teacher.Teacher;
import java.nio.FloatBuffer;
import java.util.List;
import org.junit.jupiter.api.Test;

class ClassOrderTest {

  @Test
  void bringsLogitsIntoTheDatasetsOrderByName() {
    Teacher ordered = ClassOrder.of(teacher("cat", "dog", "eel"), List.of("eel", "cat"));
    FloatBuffer logits = FloatBuffer.allocate(4);
    ordered.logits(FloatBuffer.allocate(2), 2, logits);
    // the teacher says 0 1 2 for row 0 and 3 4 5 for row 1
    assertThat(logits.array()).containsExactly(2, 0, 5, 3);
    assertThat(ordered.classes()).containsExactly("eel", "cat");
  }

  @Test
  void leavesATeacherOfTheSameOrderAlone() {
    Teacher teacher = teacher("a", "b");
    assertThat(ClassOrder.of(teacher, List.of("a", "b"))).isSameAs(teacher);
  }

  @Test
  void namesTheLabelsThatTheTeacherDoesNotKnow() {
    assertThatThrownBy(() -> ClassOrder.of(teacher("a", "b"), List.of("a", "c", "d")))
        .isInstanceOf(PipelineException.class)
        .hasMessageContaining("c, d")
        .hasMessageContaining("It knows: a, b");
  }

  private static Teacher teacher(String... classes) {
    return new Teacher() {
      @Override
      public List<String> classes() {
        return List.of(classes);
      }

      @Override
      public String fingerprint() {
        return "a test's";
      }

      @Override
      public int columns() {
        return 1;
      }

      @Override
      public int maxBatch() {
        return 8;
      }

      @Override
      public void compute(
          FloatBuffer features, int rows, FloatBuffer logits, List<FloatBuffer> taps) {
        for (int i = 0; i < rows * classes.length; i++) {
          logits.put(i, i);
        }
      }

      @Override
      public void close() {}
    };
  }
}
