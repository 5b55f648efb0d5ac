package io.retort.plan;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.nd4j.autodiff.samediff.SDVariable;
import org.nd4j.autodiff.samediff.SameDiff;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** Batches of 4 rows of a source t, [4, 6], and a trained w, [6, 2]. */
class GraphCutTest {

  private static final int ROWS = 4;

  private final NativeMemory memory = new NativeMemory();
  private final SameDiff sd = SameDiff.create();
  private final SDVariable t = sd.placeHolder("t", DataType.FLOAT, ROWS, 6);
  private final SDVariable w = sd.placeHolder("w", DataType.FLOAT, 6, 2);

  @AfterEach
  void close() {
    memory.close();
  }

  private SDVariable constant(String name, long... shape) {
    INDArray array = memory.own(Nd4j.ones(DataType.FLOAT, shape));
    return sd.constant(name, array);
  }

  private GraphCut cut(SDVariable... wanted) {
    Set<String> names = new HashSet<>();
    for (SDVariable variable : wanted) {
      names.add(variable.name());
    }
    return GraphCut.of(sd, Set.of("t"), Set.of("given"), names, ROWS);
  }

  @Test
  void rowsAreNormalisedOnceAndComparedInEachBatch() {
    SDVariable unit = t.div(sd.math.sqrt(t.mul(t).sum(true, 1)));
    SDVariable relation = unit.mmul(sd.permute(unit, 1, 0));
    SDVariable own = t.mmul(w);
    SDVariable loss = relation.sub(own.mmul(sd.permute(own, 1, 0)));
    GraphCut cut = cut(loss);
    // t itself is read by the product with w
    assertThat(cut.rows()).containsExactlyInAnyOrder("t", unit.name());
    assertThat(cut.inputs()).containsExactlyInAnyOrder("t", relation.name());
    assertThat(cut.shape(relation.name())).containsExactly(4, 4);
    assertThat(cut.hasBatchPart()).isTrue();
  }

  @Test
  void whatReadsWhatIsTrainedOrSetAnewStaysBehindTheCut() {
    SDVariable given = constant("given", 1, 6);
    SDVariable loss = t.mul(given).mmul(w);
    GraphCut cut = cut(loss);
    assertThat(cut.rows()).containsExactly("t");
    assertThat(cut.inputs()).containsExactly("t");
    assertThat(cut.hasBatchPart()).isFalse();
  }

  @Test
  void aConstantThatDiffersByPlaceIsNoMatterOfRows() {
    SDVariable everywhere = sd.math.exp(t.mul(constant("line", 1, 6)));
    SDVariable byPlace = sd.math.exp(t.mul(constant("column", 4, 1)));
    GraphCut cut = cut(everywhere.mmul(w).add(byPlace.mmul(w)));
    assertThat(cut.rows()).containsExactlyInAnyOrder("t", everywhere.name());
    assertThat(cut.inputs()).containsExactlyInAnyOrder(everywhere.name(), byPlace.name());
  }

  @Test
  void axesOfRowsMayBeDividedButNotMixed() {
    SDVariable maps = t.reshape(ROWS, 2, 3);
    SDVariable moved = sd.permute(maps, 0, 2, 1).reshape(ROWS * 3, 2);
    SDVariable mixed = moved.mmul(constant("m", 2, 2));
    SDVariable across = sd.permute(maps, 1, 0, 2);
    SDVariable centred = t.sub(t.mean(true, 0));
    SDVariable loss =
        sd.math
            .exp(mixed)
            .reshape(ROWS, 6)
            .mmul(w)
            .add(sd.math.exp(across).reshape(ROWS, 6).mmul(w))
            .add(sd.math.exp(centred).mmul(w));
    GraphCut cut = cut(loss);
    assertThat(cut.rows()).hasSize(2).contains("t");
    String rows = cut.rows().stream().filter(name -> !name.equals("t")).findFirst().orElseThrow();
    assertThat(cut.shape(rows)).containsExactly(12, 2);
    assertThat(cut.inputs()).hasSize(3).contains(rows);
  }

  @Test
  void whatIsKeptOfARowIsNoLargerThanTheSource() {
    SDVariable wide = sd.math.exp(t.mmul(constant("m", 6, 9)));
    SDVariable narrow = sd.math.exp(t.mmul(constant("n", 6, 3)));
    SDVariable w9 = sd.placeHolder("w9", DataType.FLOAT, 9, 2);
    SDVariable w3 = sd.placeHolder("w3", DataType.FLOAT, 3, 2);
    GraphCut cut = cut(wide.mmul(w9), narrow.mmul(w3));
    assertThat(cut.rows()).containsExactlyInAnyOrder("t", narrow.name());
    // but a batch's may be
    assertThat(cut.inputs()).containsExactlyInAnyOrder(wide.name(), narrow.name());
  }

  @Test
  void viewsAndSumsWithNumbersAreLeftToTheirReaders() {
    SDVariable unit = sd.math.exp(t);
    SDVariable half = sd.constant("half", memory.own(Nd4j.scalar(0.5f).reshape(1, 1)));
    SDVariable loss = unit.mmul(w).add(unit.neg().add(half).reshape(ROWS, 6).mmul(w));
    assertThat(cut(loss).inputs()).containsExactly(unit.name());
  }

  @Test
  void anUnknownOperationIsNoMatterOfRows() {
    SDVariable sorted = sd.cumsum(t, false, false, 1);
    GraphCut cut = cut(sorted.mmul(w));
    assertThat(cut.rows()).containsExactly("t");
    assertThat(cut.inputs()).containsExactly(sorted.name());
    assertThat(cut.withoutRows(Set.of("t")).inputs()).isEqualTo(cut.inputs());
  }
}
