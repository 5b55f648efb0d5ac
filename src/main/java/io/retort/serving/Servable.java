package io.retort.serving;

import io.retort.model.ModelFormat;
import io.retort.model.ModelInfo;
import io.retort.model.OutputInfo;
import io.retort.model.StoredModel;
import io.retort.model.TensorInfo;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.util.List;
import java.util.stream.IntStream;

/**
 * A model as it is served: one input of all its features, and one logit a class.
 *
 * @param shape of one row; {@code [columns]} where the model has several inputs, which take
 *     consecutive columns
 * @param columns features of a row
 * @param classes the model's own, or numbers where it names none
 */
record Servable(StoredModel model, List<Integer> shape, int columns, List<String> classes) {

  /** A process of its own, before it has read anything. */
  private static final long PROCESS_BYTES = 256L << 20;

  /** Activations of a batch, generously for the networks that this service makes. */
  private static final long NETWORK_BYTES = 16L << 20;

  /**
   * @throws ServingException where the model leaves open what it reads, or gives only labels
   */
  static Servable of(StoredModel model) {
    ModelInfo info = model.info();
    if (!info.inputs().stream().allMatch(TensorInfo::fixed)) {
      throw ServingException.notServable(
          "The model leaves the shape of its input open, so it can teach but not be served.");
    }
    int columns = info.inputs().stream().mapToInt(TensorInfo::size).reduce(0, Math::addExact);
    List<Integer> shape =
        info.inputs().size() == 1 ? info.inputs().get(0).shape() : List.of(columns);
    return new Servable(model, shape.isEmpty() ? List.of(1) : shape, columns, classes(info));
  }

  private static List<String> classes(ModelInfo info) {
    OutputInfo output =
        info.outputs().stream()
            .filter(o -> o.kind() != OutputInfo.Kind.LABEL)
            .findFirst()
            .orElseThrow(
                () ->
                    ServingException.notServable(
                        "The model gives neither logits nor likelihoods."));
    if (!info.classes().isEmpty()) {
      return info.classes();
    }
    int width = output.shape().stream().reduce(1, Math::multiplyExact);
    if (output.shape().stream().anyMatch(side -> side < 1)) {
      throw ServingException.notServable(
          "The model leaves the width of its output open and names no classes.");
    }
    return IntStream.range(0, Math.max(2, width)).mapToObj(String::valueOf).toList();
  }

  boolean isOwn() {
    return model.info().format() == ModelFormat.RETORT;
  }

  /** What the model takes once it is loaded, roughly. */
  long bytes() {
    try {
      return (isOwn() ? NETWORK_BYTES : PROCESS_BYTES) + 2 * Files.size(model.file());
    } catch (IOException e) {
      throw new UncheckedIOException("a model file of the registry cannot be read", e);
    }
  }
}
