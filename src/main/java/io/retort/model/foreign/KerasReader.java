package io.retort.model.foreign;

import io.retort.model.ModelFormat;
import io.retort.model.ModelInfo;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;

/** Keras' files: their graph is written anew as ONNX and computed by ONNX Runtime. */
final class KerasReader implements FormatReader {

  private final ModelFormat format;

  KerasReader(ModelFormat format) {
    this.format = format;
  }

  @Override
  public ModelInfo inspect(Path path) throws IOException {
    KerasFile file = read(path);
    KerasGraph graph = KerasGraph.of(file);
    ModelInfo info = OnnxReader.inspect(OnnxFile.of(graph.model()));
    Set<String> layers = graph.layers();
    return new ModelInfo(
        format,
        null,
        info.inputs(),
        info.outputs(),
        file.parameters(),
        info.taps().stream().filter(tap -> layers.contains(tap.name())).toList(),
        info.classes(),
        Map.of("keras", file.model().path("class_name").asString("")));
  }

  @Override
  public RunningModel open(Path path, Opening opening) throws IOException {
    return OnnxReader.open(OnnxFile.of(KerasGraph.of(read(path)).model()), opening);
  }

  private KerasFile read(Path path) throws IOException {
    return format == ModelFormat.KERAS_H5 ? KerasFile.h5(path) : KerasFile.zip(path);
  }
}
