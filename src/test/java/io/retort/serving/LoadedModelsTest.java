package io.retort.serving;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.retort.model.ModelFormat;
import io.retort.model.ModelInfo;
import io.retort.model.OutputInfo;
import io.retort.model.StoredModel;
import io.retort.model.TensorInfo;
import io.retort.teacher.Teacher;
import java.io.IOException;
import java.nio.FloatBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.util.unit.DataSize;

class LoadedModelsTest {

  @TempDir Path directory;
  private final ConcurrentLinkedQueue<String> events = new ConcurrentLinkedQueue<>();
  private final AtomicInteger inside = new AtomicInteger();
  private final AtomicInteger crashes = new AtomicInteger();

  /** Doubles its one feature, and notices when two threads are inside. */
  private final class Doubling implements Teacher {
    private final String name;

    Doubling(String name) {
      this.name = name;
      events.add("open " + name);
    }

    @Override
    public List<String> classes() {
      return List.of("0", "1");
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
      return 3;
    }

    @Override
    public void compute(FloatBuffer in, int rows, FloatBuffer out, List<FloatBuffer> taps) {
      assertThat(inside.incrementAndGet()).isEqualTo(1);
      for (int r = 0; r < rows; r++) {
        out.put(2 * r, in.get(r)).put(2 * r + 1, 2 * in.get(r));
      }
      inside.decrementAndGet();
      if (crashes.getAndUpdate(n -> Math.max(0, n - 1)) > 0) {
        throw ServingException.notServable("crashed");
      }
    }

    @Override
    public void close() {
      events.add("close " + name);
    }
  }

  private LoadedModels loaded(int models, DataSize bytes) {
    OpenModel opener =
        new OpenModel(null, null) {
          @Override
          Teacher open(Servable servable) {
            return new Doubling(servable.model().sha256());
          }
        };
    return new LoadedModels(new ServingSettings(models, bytes, 10), opener);
  }

  private Servable servable(String name) {
    try {
      Path file = Files.write(directory.resolve(name), new byte[1 << 20]);
      ModelInfo info =
          new ModelInfo(
              ModelFormat.RETORT,
              null,
              List.of(new TensorInfo("features", "float32", List.of(1))),
              List.of(new OutputInfo("logits", "float32", List.of(2), OutputInfo.Kind.LOGITS)),
              1,
              List.of(),
              List.of(),
              Map.of());
      return Servable.of(new StoredModel(file, name, info));
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  private static float[] ask(LoadedModels loaded, Servable model, float... rows) {
    return loaded.with(model, m -> m.logits(rows, rows.length));
  }

  @Test
  void computesMoreRowsThanABatchHolds() {
    assertThat(ask(loaded(1, DataSize.ofGigabytes(1)), servable("a"), 1, 2, 3, 4))
        .containsExactly(1, 2, 2, 4, 3, 6, 4, 8);
  }

  @Test
  void theLeastRecentlyUsedMakesRoom() {
    LoadedModels loaded = loaded(2, DataSize.ofGigabytes(1));
    for (String name : new String[] {"a", "b", "a", "c", "a", "b"}) {
      ask(loaded, servable(name), 1);
    }
    loaded.close();
    assertThat(events.stream().filter(e -> e.startsWith("open")))
        .containsExactly("open a", "open b", "open c", "open b");
    assertThat(loaded.size()).isZero();
  }

  @Test
  void whatIsInUseStays() {
    LoadedModels loaded = loaded(1, DataSize.ofGigabytes(1));
    loaded.with(
        servable("a"),
        a -> {
          assertThatThrownBy(() -> ask(loaded, servable("b"), 1))
              .isInstanceOf(ServingException.class)
              .hasMessageContaining("in use");
          return a.logits(new float[] {1}, 1);
        });
    assertThat(ask(loaded, servable("b"), 1)).containsExactly(1, 2);
  }

  @Test
  void memoryIsBounded() {
    // each takes 16 MiB and twice its file's one
    LoadedModels loaded = loaded(9, DataSize.ofMegabytes(40));
    for (String name : new String[] {"a", "b", "c"}) {
      ask(loaded, servable(name), 1);
    }
    assertThat(loaded.size()).isEqualTo(2);
    assertThatThrownBy(() -> ask(loaded(9, DataSize.ofMegabytes(10)), servable("a"), 1))
        .hasMessageContaining("max-bytes");
  }

  @Test
  void aModelThatFailedIsOpenedAnew() {
    LoadedModels loaded = loaded(1, DataSize.ofGigabytes(1));
    crashes.set(1);
    assertThatThrownBy(() -> ask(loaded, servable("a"), 1)).hasMessage("crashed");
    assertThat(ask(loaded, servable("a"), 1)).containsExactly(1, 2);
    assertThat(events).containsExactly("open a", "close a", "open a");
  }

  @Test
  void oneThreadComputesAtATime() throws InterruptedException {
    LoadedModels loaded = loaded(1, DataSize.ofGigabytes(1));
    Servable model = servable("a");
    ExecutorService callers = Executors.newFixedThreadPool(8);
    AtomicInteger right = new AtomicInteger();
    for (int i = 0; i < 400; i++) {
      float x = i;
      callers.execute(
          () -> {
            if (ask(loaded, model, x)[1] == 2 * x) {
              right.incrementAndGet();
            }
          });
    }
    callers.shutdown();
    assertThat(callers.awaitTermination(20, TimeUnit.SECONDS)).isTrue();
    assertThat(right).hasValue(400);
  }

  @Test
  void refusesNumbersThatAreNone() {
    assertThatThrownBy(
            () -> ask(loaded(1, DataSize.ofGigabytes(1)), servable("a"), 1, Float.MAX_VALUE))
        .hasMessageContaining("row 1 is not finite");
  }
}
