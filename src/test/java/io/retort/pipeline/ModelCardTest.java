package io.retort.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import io.retort.dataset.DatasetLimits;
import io.retort.dataset.Datasets;
import io.retort.model.foreign.ForeignModels;
import io.retort.model.foreign.ModelLimits;
import io.retort.outgoing.Outgoing;
import io.retort.spec.SpecReader;
import io.retort.targets.SoftTargetStore;
import io.retort.targets.StoreListener;
import io.retort.teacher.RemoteModels;
import io.retort.testing.NeedsBackend;
import io.retort.testing.QuietContext;
import java.io.File;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@NeedsBackend
class ModelCardTest {

  @TempDir Path directory;

  @Test
  void saysWhatTheStudentIsAndItsJavaRuns() throws Exception {
    Path work = run("{\"export\": {\"licence\": \"Apache-2.0\"}, \"name\": \"a | <b>\\n# title\",");
    String card = Files.readString(work.resolve("README.md"));

    assertThat(card)
        .startsWith("# a \\| \\<b\\> \\# title\n")
        .contains("`logistic` with 410 parameters", "Licence: Apache-2.0", "| teacher | 0.")
        .contains("On 1,000 rows", "loss = 0.9 * 4^2 * KL", "McNemar's exact test")
        .doesNotContain("null");

    Path source = work.resolve("Student.java");
    Files.writeString(source, card.split("```java\n")[1].split("```")[0]);
    Process java =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                onnxRuntime(),
                source.toString())
            .directory(work.toFile())
            .redirectErrorStream(true)
            .start();
    String printed = new String(java.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(java.waitFor(60, TimeUnit.SECONDS)).isTrue();
    assertThat(java.exitValue()).as(printed).isZero();
    assertThat(printed).startsWith("[[0.").contains("], [");
  }

  private Path run(String beginning) throws Exception {
    Path work = Files.createDirectory(directory.resolve("work"));
    Pipeline pipeline =
        new Pipeline(
            new Datasets(
                directory.resolve("data"),
                DatasetLimits.DEFAULT,
                List.of(),
                new Outgoing(List.of(), "a.setting"),
                id -> null),
            model -> null,
            new ForeignModels(ModelLimits.DEFAULT),
            new RemoteModels(new Outgoing(List.of(), "a.setting"), Map.of()),
            new SoftTargetStore(
                directory.resolve("targets"),
                1 << 30,
                Duration.ofSeconds(10),
                Clock.systemUTC(),
                StoreListener.NONE),
            "test");
    String json =
        beginning
            + """
              "dataset": {"uri": "sample:mnist1d"}, "training": {"epochs": 1},
              "teacher": {"architecture": {"type": "logistic"}},
              "student": {"architecture": {"type": "logistic"}}}
              """;
    pipeline.run(
        SpecReader.read(SpecReader.parse(json.getBytes(StandardCharsets.UTF_8))),
        new QuietContext(work, id -> null));
    return work;
  }

  /** Nothing but ONNX Runtime, as the card's reader has it. */
  private static String onnxRuntime() {
    return List.of(System.getProperty("java.class.path").split(File.pathSeparator)).stream()
        .filter(entry -> entry.contains("onnxruntime"))
        .findFirst()
        .orElseThrow();
  }
}
