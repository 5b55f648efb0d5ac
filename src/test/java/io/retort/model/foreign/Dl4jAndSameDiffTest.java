package io.retort.model.foreign;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.retort.model.ModelDefinition;
import io.retort.model.ModelFormat;
import io.retort.model.ModelInfo;
import io.retort.model.OutputInfo.Kind;
import io.retort.model.TensorInfo;
import io.retort.model.TrainedModel;
import io.retort.testing.Dl4jFiles;
import io.retort.testing.Fixtures;
import io.retort.training.InferenceNetwork;
import io.retort.training.Networks;
import java.nio.FloatBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** Files that DL4J and SameDiff write, read in a process of their own. */
class Dl4jAndSameDiffTest {

  private static final int ROWS = 100;

  @TempDir Path directory;
  private final ForeignModels models = new ForeignModels(ModelLimits.DEFAULT);

  @Test
  void readsAMultiLayerNetworkAndItsActivations() throws Exception {
    Path file = directory.resolve("net.zip");
    MultiLayerNetwork net = Dl4jFiles.convolutional(file);
    INDArray rows = Nd4j.createFromArray(Fixtures.features(ROWS)).reshape(ROWS, 6);
    List<INDArray> expected = net.feedForward(rows, false);

    ModelInfo info = models.inspect(file);
    assertThat(info.format()).isEqualTo(ModelFormat.DL4J);
    assertThat(info.parameters()).isEqualTo(net.numParams());
    assertThat(info.inputs()).containsExactly(new TensorInfo("input", "float32", List.of(6)));
    assertThat(info.outputs().get(0).kind()).isEqualTo(Kind.PROBABILITIES);
    assertThat(info.taps())
        .contains(new TensorInfo("layer0", "float32", List.of(3, 1, 2)))
        .contains(new TensorInfo("layer2", "float32", List.of(4)));
    check(file, List.of(6), List.of("layer3", "layer0"), expected.get(4), expected.get(1));
  }

  @Test
  void readsAComputationGraph() throws Exception {
    Path file = directory.resolve("graph.zip");
    ComputationGraph net = Dl4jFiles.graph(file);
    INDArray rows = Nd4j.createFromArray(Fixtures.features(ROWS)).reshape(ROWS, 6);
    Map<String, INDArray> expected = net.feedForward(rows, false);

    ModelInfo info = models.inspect(file);
    assertThat(info.parameters()).isEqualTo(net.numParams());
    assertThat(info.taps())
        .extracting(TensorInfo::name)
        .containsExactlyInAnyOrder("dense", "merge");
    check(file, List.of(6), List.of("out", "merge"), expected.get("out"), expected.get("merge"));
  }

  @Test
  void readsTheSameDiffFileOfAStudent() throws Exception {
    ModelDefinition definition =
        new ModelDefinition(Dl4jFiles.MLP, List.of(6), List.of("0", "1", "2"), null);
    float[] parameters = new float[(int) Networks.storedParameters(definition)];
    Random random = new Random(7);
    for (int i = 0; i < parameters.length; i++) {
      parameters[i] = (float) random.nextGaussian() / 3;
    }
    TrainedModel model = new TrainedModel(definition, parameters);
    Path file = Files.write(directory.resolve("model.fb"), Networks.sameDiffFile(model));
    FloatBuffer expected = Fixtures.direct(new float[ROWS * 3]);
    try (InferenceNetwork network = InferenceNetwork.open(model, ROWS, 1)) {
      network.logits(Fixtures.direct(Fixtures.features(ROWS)), ROWS, expected);
    }
    float[] values = new float[ROWS * 3];
    expected.get(0, values);

    ModelInfo info = models.inspect(file);
    assertThat(info.format()).isEqualTo(ModelFormat.SAMEDIFF);
    assertThat(info.parameters()).isEqualTo(parameters.length);
    assertThat(info.taps()).extracting(TensorInfo::shape).contains(List.of(8), List.of(3));
    check(file, List.of(6), List.of("logits"), Nd4j.createFromArray(values));
  }

  private void check(Path file, List<Integer> row, List<String> names, INDArray... expected) {
    try (ForeignModel model = models.open(file, new Opening(List.of(row), names, 1))) {
      List<FloatBuffer> got =
          model.outputs().stream().map(o -> Fixtures.direct(new float[ROWS * o.size()])).toList();
      model.run(List.of(Fixtures.direct(Fixtures.features(ROWS))), ROWS, got);
      for (int o = 0; o < expected.length; o++) {
        float[] wanted = ArrayRunner.floats(expected[o]);
        assertThat(got.get(o).capacity()).isEqualTo(wanted.length);
        for (int i = 0; i < wanted.length; i++) {
          assertThat(got.get(o).get(i)).isCloseTo(wanted[i], within(1e-4f));
        }
      }
    }
  }
}
