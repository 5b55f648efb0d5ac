package io.retort.training;

import static org.assertj.core.api.Assertions.assertThat;

import io.retort.model.FeatureScaling;
import io.retort.model.ModelDefinition;
import io.retort.model.TrainedModel;
import io.retort.onnx.Calibration;
import io.retort.onnx.OnnxFile;
import io.retort.onnx.OnnxGraph;
import io.retort.onnx.OnnxNetwork;
import io.retort.spec.Activation;
import io.retort.spec.Architecture;
import io.retort.spec.Cancellation;
import io.retort.spec.ObjectiveSpec;
import io.retort.spec.OptimizerSpec;
import io.retort.spec.TrainingSpec;
import io.retort.testing.NeedsBackend;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Trained networks of every architecture, in int8 beside float32. */
@NeedsBackend
class Int8Test {

  private static final int CLASSES = 4;
  private static final int COLUMNS = 2 * 8 * 8;
  private static final ArraySplit TRAIN = ArraySplit.blobs(400, COLUMNS, CLASSES, 1);
  private static final ArraySplit TEST = ArraySplit.blobs(400, COLUMNS, CLASSES, 2);

  static Stream<ModelDefinition> definitions() {
    List<ModelDefinition> all = new ArrayList<>();
    all.add(net(new Architecture.Logistic(), COLUMNS));
    for (Activation activation : Activation.values()) {
      // as wide as the rows, so that the first layer has a residual too
      all.add(net(new Architecture.Mlp(List.of(128, 128, 16), activation, 0.1, true), COLUMNS));
      all.add(net(new Architecture.Cnn1d(List.of(8, 8), null, 2, activation, null), 2, 64));
      for (int pool = 1; pool <= 2; pool++) {
        all.add(
            net(
                new Architecture.Cnn2d(
                    List.of(8, 8), 3, pool, List.of(16), activation, null, pool == 2),
                2,
                8,
                8));
      }
    }
    all.add(net(new Architecture.Resnet(8, List.of(8, 8, 16)), 2, 8, 8));
    return all.stream();
  }

  private static ModelDefinition net(Architecture architecture, Integer... shape) {
    return new ModelDefinition(
        architecture,
        List.of(shape),
        List.of("a", "b", "c", "d"),
        new FeatureScaling(Collections.nCopies(COLUMNS, 0.1f), Collections.nCopies(COLUMNS, 1.3f)));
  }

  @ParameterizedTest
  @MethodSource("definitions")
  void saysAlmostAlwaysWhatTheFloatNetworkSays(ModelDefinition definition) {
    OnnxGraph float32 = Networks.onnx(trained(definition));
    FloatBuffer rows = rows(TRAIN);
    OnnxGraph int8;
    try (Calibration calibration = Calibration.of(float32, 1)) {
      calibration.add(rows, TRAIN.size());
      int8 = calibration.quantized();
    }

    byte[] was = OnnxFile.of(float32, Map.of());
    byte[] is = OnnxFile.of(int8, Map.of());
    FloatBuffer before = logits(was);
    FloatBuffer after = logits(is);
    int same = 0;
    double squares = 0;
    double errors = 0;
    for (int row = 0; row < TEST.size(); row++) {
      same += predicted(before, row) == predicted(after, row) ? 1 : 0;
    }
    for (int i = 0; i < before.capacity(); i++) {
      squares += before.get(i) * before.get(i);
      errors += Math.pow(before.get(i) - after.get(i), 2);
    }
    assertThat(same).isGreaterThanOrEqualTo(396);
    assertThat(Math.sqrt(errors / squares)).isLessThan(0.03);
  }

  private static TrainedModel trained(ModelDefinition definition) {
    OptimizerSpec adam = new OptimizerSpec.Adam(0.005, null, null, null);
    return new Trainer(1)
        .train(
            new TrainingTask(
                definition,
                TRAIN,
                TRAIN,
                null,
                ObjectiveSpec.labelsOnly(1, 1),
                new TrainingSpec(12, 50, adam, null, null, null, 1L)),
            TrainingListener.SILENT,
            Cancellation.NONE)
        .model();
  }

  private static FloatBuffer logits(byte[] file) {
    FloatBuffer logits = floats(TEST.size() * CLASSES);
    try (OnnxNetwork network = OnnxNetwork.open(file, COLUMNS, CLASSES, 1)) {
      network.logits(rows(TEST), TEST.size(), logits);
    }
    return logits;
  }

  private static int predicted(FloatBuffer logits, int row) {
    int best = 0;
    for (int c = 1; c < CLASSES; c++) {
      if (logits.get(row * CLASSES + c) > logits.get(row * CLASSES + best)) {
        best = c;
      }
    }
    return best;
  }

  private static FloatBuffer rows(ArraySplit split) {
    FloatBuffer rows = floats(split.size() * COLUMNS);
    split.gather(IntStream.range(0, split.size()).toArray(), 0, split.size(), rows);
    return rows;
  }

  private static FloatBuffer floats(int n) {
    return ByteBuffer.allocateDirect(n * Float.BYTES)
        .order(ByteOrder.nativeOrder())
        .asFloatBuffer();
  }
}
