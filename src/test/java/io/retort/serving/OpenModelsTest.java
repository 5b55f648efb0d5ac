package io.retort.serving;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.retort.model.ModelFormat;
import io.retort.model.ModelInfo;
import io.retort.model.StoredModel;
import io.retort.teacher.Teacher;
import java.nio.FloatBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.springframework.util.unit.DataSize;

class OpenModelsTest {

  private final List<String> log = new ArrayList<>();

  /** Opens nothing but notes it. */
  private final ModelOpener opener =
      new ModelOpener(null, null) {
        @Override
        ServedModel open(StoredModel stored) {
          log.add("open " + stored.sha256());
          return new ServedModel(new Silent(stored.sha256()), List.of(1));
        }
      };

  private final class Silent implements Teacher {
    private final String name;

    Silent(String name) {
      this.name = name;
    }

    @Override
    public List<String> classes() {
      return List.of("a", "b");
    }

    @Override
    public String fingerprint() {
      return name;
    }

    @Override
    public int columns() {
      return 1;
    }

    @Override
    public int maxBatch() {
      return ServedModel.BATCH;
    }

    @Override
    public void compute(FloatBuffer features, int rows, FloatBuffer logits, List<FloatBuffer> t) {
      assertThat(log.lastIndexOf("close " + name)).isLessThan(log.lastIndexOf("open " + name));
    }

    @Override
    public void close() {
      log.add("close " + name);
    }
  }

  @Test
  void theLeastRecentlyUsedIsClosedForAnother() {
    OpenModels models = new OpenModels(new ServingSettings(2, DataSize.ofGigabytes(1), 1), opener);
    for (String name : List.of("a", "b", "a", "c", "a", "b")) {
      models.with(model(name, 1), served -> served.logits(new float[1], 1));
    }
    assertThat(log).containsExactly("open a", "open b", "close b", "open c", "close c", "open b");
    models.closeAll();
    assertThat(log).contains("close a").endsWith("close b");
  }

  @Test
  void whatIsInUseIsNotClosedAndTheRestIsTurnedAway() {
    OpenModels models = new OpenModels(new ServingSettings(1, DataSize.ofGigabytes(1), 1), opener);
    models.with(
        model("a", 1),
        a -> {
          assertThatThrownBy(() -> models.with(model("b", 1), b -> b))
              .isInstanceOf(ServingException.class)
              .hasMessageContaining("max-models");
          assertThat(log).containsExactly("open a");
          return a;
        });
    models.with(model("b", 1), b -> b);
    assertThat(log).containsExactly("open a", "close a", "open b");
    assertThat(models.count()).isOne();
  }

  @Test
  void bytesAreBoundedToo() {
    OpenModels models = new OpenModels(new ServingSettings(9, DataSize.ofMegabytes(20), 1), opener);
    models.with(model("a", 1 << 20), a -> a);
    models.with(model("b", 1 << 20), b -> b);
    assertThat(log).containsExactly("open a", "close a", "open b");
  }

  private static StoredModel model(String name, long parameters) {
    return new StoredModel(
        Path.of(name),
        name,
        new ModelInfo(
            ModelFormat.ONNX,
            null,
            List.of(),
            List.of(),
            parameters,
            List.of(),
            List.of(),
            Map.of()));
  }
}
