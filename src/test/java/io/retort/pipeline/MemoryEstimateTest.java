package io.retort.pipeline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.retort.spec.JobSpec;
import io.retort.spec.RetortException;
import io.retort.spec.SpecReader;
import io.retort.teacher.Tap;
import io.retort.training.TeacherTap;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;

class MemoryEstimateTest {

  private static JobSpec spec(String student) {
    String json =
        """
        {"dataset": {"uri": "sample:mnist1d"}, "teacher": {"architecture": {"type": "logistic"}},
         "student": {"architecture": %s}}"""
            .formatted(student);
    return SpecReader.read(SpecReader.parse(json.getBytes(StandardCharsets.UTF_8)));
  }

  @Test
  void countsParametersAndWhatLeavesTheLayers() {
    MemoryEstimate least = MemoryEstimate.least(spec("{\"type\": \"mlp\", \"hidden\": [100]}"));
    // 16 inputs at least, 2 classes: 17 * 100 + 101 * 2 parameters six times, and
    // 16 + 100 + 2 numbers of a row three times, all of 4 bytes
    assertThat(least.bytes()).isEqualTo(4 * (6 * 1_902 + 3 * 118));
    assertThat(least.pointer()).isEqualTo("/student/architecture");
  }

  @Test
  void refusesWithThePointerOfWhatNeedsTheMost() {
    MemoryEstimate least =
        MemoryEstimate.least(spec("{\"type\": \"mlp\", \"hidden\": [8192, 8192]}"));
    assertThat(least.bytes()).isEqualTo(4 * (6L * 67_272_706 + 3 * 16_402));
    least.check(2L << 30);
    assertThatThrownBy(() -> least.check(1L << 30))
        .isInstanceOf(MemoryException.class)
        .hasMessageContaining("1,024 MiB")
        .extracting(e -> ((RetortException) e).violations().get(0).pointer())
        .isEqualTo("/student/architecture");
  }

  @Test
  void tooManyParametersAreKnownBeforeTheData() {
    assertThatThrownBy(
            () ->
                MemoryEstimate.least(
                    spec("{\"type\": \"mlp\", \"hidden\": [16384, 16384, 16384]}")))
        .isInstanceOf(RetortException.class)
        .hasMessageContaining("parameters")
        .extracting(e -> ((RetortException) e).violations().get(0).pointer())
        .isEqualTo("/student/architecture");
  }

  /** 625 numbers a row of 4 bytes; more than 64 MiB are left in their files. */
  @Test
  void countsWhatIsKeptOfTheTeachersTaps() {
    List<Tap> taps = List.of(new Tap("map", List.of(25, 1, 20)), new Tap("features", List.of(125)));
    assertThat(TeacherTap.keptBytes(taps, 3_600)).isEqualTo(9_000_000);
    assertThat(TeacherTap.keptBytes(taps, 2_000_000_000)).isEqualTo(64L << 20);
    assertThat(TeacherTap.keptBytes(List.of(), 3_600)).isZero();
  }

  @Test
  void saysNothingOfWhatItCannotKnow() {
    assertThat(
            MemoryEstimate.least(spec("{\"type\": \"cnn2d\", \"channels\": [8], \"pool\": 8}"))
                .bytes())
        .isNotNegative();
  }
}
