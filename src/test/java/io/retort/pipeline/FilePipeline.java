package io.retort.pipeline;

import io.retort.dataset.DatasetLimits;
import io.retort.dataset.Datasets;
import io.retort.model.foreign.ForeignModels;
import io.retort.outgoing.Outgoing;
import io.retort.targets.SoftTargetStore;
import io.retort.targets.StoreListener;
import io.retort.teacher.RemoteModels;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/** A pipeline that reads files of a directory, with nothing around it. */
final class FilePipeline {

  private FilePipeline() {}

  /**
   * @param directory for what it keeps
   * @param files that {@code file:} reads
   */
  static Pipeline of(Path directory, Path files, ForeignModels foreign) {
    return new Pipeline(
        new Datasets(
            directory.resolve("data"),
            DatasetLimits.DEFAULT,
            List.of(files),
            new Outgoing(List.of(), "a.setting"),
            id -> null),
        model -> null,
        foreign,
        new RemoteModels(new Outgoing(List.of(), "a.setting"), Map.of()),
        new SoftTargetStore(
            directory.resolve("targets"),
            1 << 30,
            Duration.ofSeconds(10),
            Clock.systemUTC(),
            StoreListener.NONE),
        "test");
  }
}
