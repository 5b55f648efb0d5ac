package io.retort.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.retort.model.FeatureScaling;
import io.retort.model.ModelDefinition;
import io.retort.model.TrainedModel;
import io.retort.onnx.OnnxFile;
import io.retort.onnx.OnnxNetwork;
import io.retort.spec.Activation;
import io.retort.spec.Architecture;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class OnnxExportTest {

  private static final int ROWS = 7;

  static Stream<ModelDefinition> definitions() {
    List<ModelDefinition> all = new ArrayList<>();
    all.add(net(new Architecture.Logistic(), 5));
    for (Activation activation : Activation.values()) {
      all.add(net(new Architecture.Mlp(List.of(6, 6, 4), activation, 0.3, true), 5));
      all.add(net(new Architecture.Cnn1d(List.of(3, 4), null, 2, activation, 0.2), 2, 11));
      all.add(
          net(
              new Architecture.Cnn2d(List.of(3, 4), 3, 2, List.of(5), activation, 0.1, true),
              2,
              7,
              9));
      all.add(
          net(
              new Architecture.Cnn2d(List.of(3), 4, 3, List.of(), activation, null, false),
              1,
              8,
              7));
    }
    for (int stride = 1; stride <= 8; stride++) {
      for (int length : new int[] {1, 6, 13}) {
        all.add(
            net(
                new Architecture.Cnn1d(
                    List.of(3, 2), List.of(4, 9 - stride), stride, Activation.TANH, null),
                length));
      }
    }
    all.add(
        net(new Architecture.Cnn2d(List.of(2, 3), 2, 1, List.of(4), null, null, true), 3, 5, 4));
    all.add(net(new Architecture.Cnn2d(List.of(2), 15, 1, List.of(), null, null, null), 1, 4, 6));
    all.add(net(new Architecture.Resnet(8, List.of(4, 5, 6)), 3, 9, 7));
    all.add(net(new Architecture.Resnet(10, List.of(4, 4)), 1, 6, 6));
    return all.stream();
  }

  private static ModelDefinition net(Architecture architecture, Integer... shape) {
    int columns = Stream.of(shape).reduce(1, Math::multiplyExact);
    List<Float> mean = new ArrayList<>();
    List<Float> deviation = new ArrayList<>();
    for (int i = 0; i < columns; i++) {
      mean.add(0.1f * i);
      deviation.add(0.5f + 0.01f * i);
    }
    return new ModelDefinition(
        architecture,
        List.of(shape),
        List.of("cat", "dog", "fish"),
        new FeatureScaling(mean, deviation));
  }

  /** Moved away from how training starts, so that norms are not the identity. */
  static float[] parameters(ModelDefinition definition) {
    SplittableRandom random = new SplittableRandom(5);
    float[] values = ParameterLayout.of(definition).initial(3);
    for (int i = 0; i < values.length; i++) {
      values[i] += (float) (0.2 * random.nextDouble());
    }
    return values;
  }

  @ParameterizedTest
  @MethodSource("definitions")
  void onnxRuntimeAgreesWithOurOwnNetwork(ModelDefinition definition) {
    TrainedModel model = new TrainedModel(definition, parameters(definition));
    FloatBuffer features = floats(ROWS * definition.columns());
    SplittableRandom random = new SplittableRandom(9);
    for (int i = 0; i < features.capacity(); i++) {
      features.put(i, (float) (0.5 * random.nextGaussian()));
    }
    FloatBuffer ours = floats(ROWS * 3);
    try (InferenceNetwork network = InferenceNetwork.open(model, ROWS, 1)) {
      network.logits(features, ROWS, ours);
    }
    byte[] file = OnnxFile.of(Networks.onnx(model), Map.of());
    try (OnnxNetwork network = OnnxNetwork.open(file, definition.columns(), 3, 1)) {
      for (int rows : new int[] {ROWS, 1}) {
        FloatBuffer theirs = floats(ROWS * 3);
        network.logits(features, rows, theirs);
        for (int i = 0; i < rows * 3; i++) {
          assertThat(theirs.get(i)).as("logit %d", i).isCloseTo(ours.get(i), within(1e-5f));
        }
      }
    }
  }

  private static FloatBuffer floats(int n) {
    return ByteBuffer.allocateDirect(n * Float.BYTES)
        .order(ByteOrder.nativeOrder())
        .asFloatBuffer();
  }
}
