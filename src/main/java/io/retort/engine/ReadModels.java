package io.retort.engine;

import io.retort.model.ModelFiles;
import io.retort.model.ModelInfo;
import io.retort.model.TensorInfo;
import io.retort.model.TrainedModel;
import io.retort.model.foreign.ForeignModels;
import io.retort.registry.ModelReader;
import io.retort.training.Networks;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import org.springframework.stereotype.Component;

/** Reads the service's own models here, and has any other looked into in a process of its own. */
@Component
class ReadModels implements ModelReader {

  private final ForeignModels foreign;

  ReadModels(ForeignModels foreign) {
    this.foreign = foreign;
  }

  @Override
  public TrainedModel read(Path file) {
    try {
      return ModelFiles.read(file, Networks::storedParameters);
    } catch (IOException e) {
      throw new UncheckedIOException("a model file of the registry cannot be read", e);
    }
  }

  private static ModelInfo ofRetort(TrainedModel model) {
    return ModelInfo.of(model)
        .withTaps(
            Networks.taps(model.definition()).stream()
                .map(tap -> new TensorInfo(tap.name(), "float32", tap.shape()))
                .toList());
  }

  @Override
  public ModelInfo inspect(Path file) {
    try {
      return ModelFiles.isOne(file) ? ofRetort(read(file)) : foreign.inspect(file);
    } catch (IOException e) {
      throw new UncheckedIOException("an uploaded model file cannot be read", e);
    }
  }
}
