package io.retort.testing;

import io.retort.model.StoredModel;
import io.retort.pipeline.PipelineContext;
import io.retort.spec.Cancellation;
import io.retort.spec.Phase;
import io.retort.training.CheckpointPlace;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;

/** Runs the pipeline without a service; remembers what it was told. */
public final class QuietContext implements PipelineContext {

  public final List<String> warnings = new ArrayList<>();
  public final Set<String> series = new LinkedHashSet<>();
  private final Path work;
  private final Function<String, StoredModel> registry;

  public QuietContext(Path work, Function<String, StoredModel> registry) {
    this.work = work;
    this.registry = registry;
  }

  @Override
  public Path workDirectory() {
    return work;
  }

  @Override
  public int threads() {
    return 1;
  }

  @Override
  public Cancellation cancellation() {
    return Cancellation.NONE;
  }

  @Override
  public CheckpointPlace checkpoints() {
    return new CheckpointPlace(work, Duration.ofDays(1), () -> false, () -> {});
  }

  @Override
  public StoredModel model(String id) {
    return registry.apply(id);
  }

  @Override
  public void phase(Phase phase) {}

  @Override
  public void progress(double done) {}

  @Override
  public void metric(String name, int epoch, long step, double value) {
    series.add(name);
  }

  @Override
  public void event(Level level, String message, Map<String, Object> data) {
    if (level == Level.WARNING) {
      warnings.add(message);
    }
  }
}
