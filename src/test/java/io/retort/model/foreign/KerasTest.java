package io.retort.model.foreign;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.retort.model.ModelInfo;
import io.retort.model.OutputInfo.Kind;
import io.retort.model.TensorInfo;
import io.retort.spec.RetortException;
import io.retort.testing.Fixtures;
import java.io.IOException;
import java.nio.FloatBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Files that Keras 3 wrote, in both of its formats. */
class KerasTest {

  private static final int ROWS = 100;

  @TempDir Path directory;
  private final ForeignModels models = new ForeignModels(ModelLimits.DEFAULT);

  @ParameterizedTest
  @CsvSource({
    "keras-sequential, .h5, conv",
    "keras-sequential, .keras, norm",
    "keras-functional, .h5, both",
    "keras-functional, .keras, sum",
    "keras-zoo, .h5, zeros",
    "keras-zoo, .keras, nested/last"
  })
  void agreesWithKeras(String name, String ending, String tap) {
    Path file = Fixtures.file(name + ending);
    ModelInfo info = models.inspect(file);
    assertThat(info.outputs().get(0).name()).isEqualTo("out");
    assertThat(info.outputs().get(0).kind()).isEqualTo(Kind.PROBABILITIES);
    assertThat(info.taps()).extracting(TensorInfo::name).contains(tap);
    Opening opening = new Opening(List.of(info.inputs().get(0).shape()), List.of("out", tap), 1);
    float[] expected = Fixtures.expected(name);
    FloatBuffer got = Fixtures.direct(new float[expected.length]);
    try (ForeignModel model = models.open(file, opening)) {
      FloatBuffer tapped = Fixtures.direct(new float[ROWS * model.outputs().get(1).size()]);
      model.run(List.of(Fixtures.direct(Fixtures.features(ROWS))), ROWS, List.of(got, tapped));
    }
    for (int i = 0; i < expected.length; i++) {
      assertThat(got.get(i)).isCloseTo(expected[i], within(1e-4f));
    }
  }

  @Test
  void imagesAreTappedChannelsFirst() {
    ModelInfo info = models.inspect(Fixtures.file("keras-sequential.keras"));
    // 2 x 2 x 1 x 4 + 4 of the convolution, 4 x 4 of the normalisation, 8 x 3 + 3 of the last layer
    assertThat(info.parameters()).isEqualTo(20 + 16 + 27);
    assertThat(info.taps())
        .contains(new TensorInfo("conv", "float32", List.of(4, 2, 3)))
        .contains(new TensorInfo("pool", "float32", List.of(4, 2, 1)));
  }

  @Test
  void namesTheLayerThatIsNotSupported() {
    assertThatThrownBy(
            () ->
                new KerasReader(io.retort.model.ModelFormat.KERAS)
                    .inspect(Fixtures.file("keras-gru.keras")))
        .isInstanceOf(RetortException.class)
        .hasMessageContaining("`gru`")
        .hasMessageContaining("`GRU`");
  }

  @ParameterizedTest
  @ValueSource(strings = {"keras-sequential.h5", "keras-sequential.keras"})
  void refusesTruncatedFiles(String name) throws IOException {
    byte[] bytes = Fixtures.bytes(name);
    for (int length = 8; length < bytes.length - 1; length += bytes.length / 30) {
      read(Files.write(directory.resolve("cut"), Arrays.copyOf(bytes, length)), true);
    }
  }

  /**
   * In the service all of this happens in a process of its own, which answers any of these failures
   * with a problem. {@code -Dfuzz.rounds=1000} takes longer.
   */
  @Test
  void hdf5WithChangedBytesIsReadOrRefused() throws IOException {
    byte[] bytes = Fixtures.bytes("keras-sequential.h5");
    Random random = new Random(7);
    int rounds = Integer.getInteger("fuzz.rounds", 100);
    for (int i = 0; i < rounds; i++) {
      byte[] changed = bytes.clone();
      for (int n = 0; n < 1_000; n++) {
        changed[8 + random.nextInt(changed.length - 8)] = (byte) random.nextInt();
      }
      read(Files.write(directory.resolve("fuzzed.h5"), changed), false);
      byte[] one = bytes.clone();
      one[8 + random.nextInt(2_000)] = (byte) random.nextInt();
      read(Files.write(directory.resolve("fuzzed.h5"), one), false);
    }
  }

  private static void read(Path file, boolean mustFail) throws IOException {
    try {
      KerasGraph.of(
          Formats.of(file) == io.retort.model.ModelFormat.KERAS
              ? KerasFile.zip(file)
              : KerasFile.h5(file));
      assertThat(mustFail).isFalse();
    } catch (RuntimeException | StackOverflowError | OutOfMemoryError e) {
      // what ModelMain makes a problem of
    }
  }
}
