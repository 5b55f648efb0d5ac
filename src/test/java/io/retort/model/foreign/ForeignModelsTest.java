package io.retort.model.foreign;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.retort.model.ModelInfo;
import io.retort.model.OutputInfo;
import io.retort.model.OutputInfo.Kind;
import io.retort.model.TensorInfo;
import io.retort.testing.Fixtures;
import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Files that PyTorch, scikit-learn, XGBoost and LightGBM made, each in a process of its own. */
class ForeignModelsTest {

  private static final int ROWS = 100;

  private final ForeignModels models = new ForeignModels(ModelLimits.DEFAULT);

  @ParameterizedTest
  @CsvSource({
    "torch-mlp, logits, LOGITS, 1e-4",
    "torch-half, logits, LOGITS, 0.1",
    "torch-cnn, logits, PROBABILITIES, 1e-4",
    "torch-two, logits, LOGITS, 1e-4",
    "torch-ids, logits, LOGITS, 1e-4",
    "hf-bert, logits, LOGITS, 1e-4",
    "torch-binary, logits, LOGITS, 1e-4",
    "torch-sigmoid, logits, PROBABILITIES, 1e-4",
    "sklearn-logistic, probabilities, PROBABILITIES, 1e-4",
    "sklearn-forest-zipmap, output_probability, PROBABILITIES, 1e-4",
    "sklearn-boosting, probabilities, PROBABILITIES, 1e-4",
    "sklearn-mlp-double, probabilities, PROBABILITIES, 1e-4",
    "xgboost, probabilities, PROBABILITIES, 1e-4",
    "lightgbm, probabilities, PROBABILITIES, 1e-4"
  })
  void agreesWithTheFrameworkThatMadeIt(String name, String output, Kind kind, float tolerance) {
    ModelInfo info = models.inspect(Fixtures.file(name + ".onnx"));
    assertThat(info.outputs())
        .filteredOn(o -> o.kind() == kind)
        .extracting(OutputInfo::name)
        .contains(output);
    List<List<Integer>> shapes = info.inputs().stream().map(TensorInfo::shape).toList();
    Opening opening = new Opening(shapes, List.of(output), 1);
    float[] expected = Fixtures.expected(name);
    FloatBuffer got = Fixtures.direct(new float[expected.length]);
    try (ForeignModel model = models.open(Fixtures.file(name + ".onnx"), opening)) {
      assertThat(model.outputs().get(0).size()).isEqualTo(expected.length / ROWS);
      float[] rows = name.startsWith("hf-") ? Fixtures.tokens(ROWS) : Fixtures.features(ROWS);
      model.run(parts(rows, opening.inputSizes()), ROWS, List.of(got));
    }
    for (int i = 0; i < expected.length; i++) {
      assertThat(got.get(i)).isCloseTo(expected[i], within(tolerance));
    }
  }

  /** Consecutive columns for each input. */
  private static List<FloatBuffer> parts(float[] rows, List<Integer> sizes) {
    int width = rows.length / ROWS;
    List<FloatBuffer> parts = new ArrayList<>();
    int from = 0;
    for (int size : sizes) {
      FloatBuffer part = Fixtures.direct(new float[ROWS * size]);
      for (int r = 0; r < ROWS; r++) {
        part.put(r * size, rows, r * width + from, size);
      }
      parts.add(part);
      from += size;
    }
    return parts;
  }

  @Test
  void tellsWhatIsInAFile() {
    ModelInfo info = models.inspect(Fixtures.file("torch-mlp.onnx"));
    assertThat(info.parameters()).isEqualTo(6 * 16 + 16 + 16 * 3 + 3);
    assertThat(info.inputs()).containsExactly(new TensorInfo("features", "float32", List.of(6)));
    assertThat(info.taps()).extracting(TensorInfo::shape).contains(List.of(16));
    assertThat(info.facts()).containsEntry("opset", "17").containsEntry("batch", "any");
    assertThat(models.inspect(Fixtures.file("sklearn-logistic.onnx")).classes())
        .containsExactly("ant", "bee", "cow");
    assertThat(models.inspect(Fixtures.file("torch-cnn.onnx")).facts()).containsEntry("batch", "8");
  }

  @Test
  void readsATensorInBetween() {
    ModelInfo info = models.inspect(Fixtures.file("torch-mlp.onnx"));
    TensorInfo hidden = info.taps().get(1);
    Opening opening = new Opening(List.of(List.of(6)), List.of("logits", hidden.name()), 1);
    FloatBuffer logits = Fixtures.direct(new float[ROWS * 3]);
    FloatBuffer tap = Fixtures.direct(new float[ROWS * 16]);
    try (ForeignModel model = models.open(Fixtures.file("torch-mlp.onnx"), opening)) {
      model.run(parts(Fixtures.features(ROWS), List.of(6)), ROWS, List.of(logits, tap));
    }
    assertThat(logits.get(0)).isCloseTo(Fixtures.expected("torch-mlp")[0], within(1e-4f));
    float[] values = new float[ROWS * 16];
    tap.get(0, values);
    // a ReLU's output
    for (float v : values) {
      assertThat(v).isGreaterThanOrEqualTo(0);
    }
    assertThat(values).contains(0f);
  }
}
