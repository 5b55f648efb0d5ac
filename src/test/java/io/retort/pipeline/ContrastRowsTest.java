package io.retort.pipeline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.retort.dataset.Split;
import io.retort.spec.ObjectiveSpec;
import io.retort.spec.RelationTerm;
import io.retort.spec.SpecReader;
import java.nio.FloatBuffer;
import org.junit.jupiter.api.Test;

class ContrastRowsTest {

  private static final ObjectiveSpec TWO =
      SpecReader.mapper()
          .readValue(
              "{\"terms\": [{\"type\": \"pkt\"}, {\"type\": \"crd\"}]}", ObjectiveSpec.class);

  /** Every third row is of another class. */
  private record Thirds(int size) implements Split {
    @Override
    public int columns() {
      return 1;
    }

    @Override
    public void gather(int[] positions, int from, int count, FloatBuffer into) {}

    @Override
    public int label(int position) {
      return position % 3 == 0 ? 1 : 0;
    }
  }

  @Test
  void countsTheRowsOfOtherClassesThatEveryRowHas() {
    ObjectiveSpec chosen = new ContrastRows(new Thirds(90)).choose(TWO, "/objective");
    assertThat(((RelationTerm.Contrast) chosen.terms().get(1)).negatives()).isEqualTo(30);
  }

  @Test
  void refusesMoreRowsThanCanBeRemembered() {
    ContrastRows most = new ContrastRows(new Thirds(262_144));
    assertThat(most.choose(TWO, "").terms()).hasSize(2);
    ContrastRows more = new ContrastRows(new Thirds(600_000));
    PipelineException refused =
        catchThrowableOfType(PipelineException.class, () -> more.choose(TWO, "/objective"));
    assertThat(refused.code()).isEqualTo("too_many_rows");
    assertThat(refused.violations().get(0).pointer()).isEqualTo("/objective/terms/1/width");
    assertThat(refused).hasMessageContaining("600,000").hasMessageContaining("up to 55 fits");
  }
}
