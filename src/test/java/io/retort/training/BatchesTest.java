package io.retort.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.retort.model.ModelDefinition;
import io.retort.plan.NativeMemory;
import io.retort.spec.Architecture;
import io.retort.spec.ObjectiveSpec;
import io.retort.spec.SpecReader;
import io.retort.spec.TrainingSpec;
import io.retort.teacher.Tap;
import io.retort.testing.NeedsBackend;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.nd4j.linalg.api.buffer.DataType;

@NeedsBackend
class BatchesTest {

  private static final int ROWS = 40;
  private static final String PKT =
      "{\"type\": \"pkt\", \"student\": \"penultimate\", \"teacher\": \"t\"}";
  private static final String HINT =
      "{\"type\": \"hint\", \"student\": \"hidden1\", \"teacher\": \"t\"}";
  private static final String DIST = "{\"type\": \"dist\"}";

  private static final ModelDefinition STUDENT =
      new ModelDefinition(
          new Architecture.Mlp(List.of(8, 6), null, null, null),
          List.of(5),
          List.of("a", "b", "c"),
          null);

  private final NativeMemory memory = new NativeMemory();

  @AfterEach
  void close() {
    memory.close();
  }

  /** Each part's gradient is as long as that of an objective of nothing else. */
  @Test
  void lengthsOfGradientsAreThoseOfThePartsAlone() {
    Map<String, String> alone =
        Map.of(
            "distillation", "{\"alpha\": 0.7, \"beta\": 0}",
            "student", "{\"alpha\": 0, \"beta\": 0.3}",
            "pkt", "{\"alpha\": 0, \"beta\": 0, \"terms\": [" + PKT + "]}",
            "hint", "{\"alpha\": 0, \"beta\": 0, \"terms\": [" + HINT + "]}",
            "dist", "{\"alpha\": 0, \"beta\": 0, \"terms\": [" + DIST + "]}");
    Map<String, Double> expected = new HashMap<>();
    alone.forEach((part, objective) -> expected.put(part, length(objective)));

    try (Batches all =
        batches(
            "{\"alpha\": 0.7, \"beta\": 0.3, \"terms\": [%s, %s, %s]}"
                .formatted(PKT, DIST, HINT))) {
      all.gradient(0, new LossMeans(3));
      // twice: the first must leave nothing behind
      for (int i = 0; i < 2; i++) {
        Map<String, Double> lengths = all.gradientLengths();
        assertThat(lengths.keySet())
            .containsExactly("distillation", "student", "pkt", "dist", "hint");
        lengths.forEach(
            (part, length) ->
                assertThat(length)
                    .as(part)
                    .isPositive()
                    .isCloseTo(expected.get(part), within(1e-5 * expected.get(part))));
      }
    }
  }

  private double length(String objective) {
    try (Batches batches = batches(objective)) {
      batches.gradient(0, new LossMeans(3));
      FlatParameters gradients = batches.gradients();
      float[] all = new float[(int) gradients.vector().length()];
      gradients.read(all);
      return Math.sqrt(IntStream.range(0, all.length).mapToDouble(i -> all[i] * all[i]).sum());
    }
  }

  private Batches batches(String objective) {
    ParameterLayout layout = ParameterLayout.of(STUDENT);
    FlatParameters parameters = memory.own(new FlatParameters(layout, DataType.FLOAT));
    parameters.write(layout.initial(1));
    Batches batches =
        new Batches(
            STUDENT,
            layout,
            parameters,
            ArraySplit.blobs(ROWS, 5, 3, 1),
            ArrayTargets.random(ROWS, 3),
            List.of(new TeacherTap(new Tap("t", List.of(6)), ArrayTargets.random(ROWS, 6))),
            SpecReader.mapper().readValue(objective, ObjectiveSpec.class),
            new TrainingSpec(1, 20, null, null, null, null, 1L),
            20);
    batches.begin(IntStream.range(0, ROWS).toArray(), 0, 1);
    return batches;
  }
}
