package io.retort.model;

import io.retort.spec.Architecture;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What can be said of a model without its framework: the same for every format.
 *
 * @param architecture of a model that this service made; null for any other
 * @param inputs in the model's order
 * @param outputs in the model's order
 * @param parameters trained numbers
 * @param taps tensors in between that can be read, with their shapes for one row
 * @param classes names in the order of the logits; empty where the model names none
 * @param facts whatever else the file says of itself, as {@code opset} or {@code producer}
 */
public record ModelInfo(
    ModelFormat format,
    @Nullable Architecture architecture,
    List<TensorInfo> inputs,
    List<OutputInfo> outputs,
    long parameters,
    List<TensorInfo> taps,
    List<String> classes,
    Map<String, String> facts) {

  public ModelInfo {
    inputs = List.copyOf(inputs);
    outputs = List.copyOf(outputs);
    taps = List.copyOf(taps);
    classes = List.copyOf(classes);
    facts = Map.copyOf(facts);
  }

  /** Of a model that this service made. */
  public static ModelInfo of(TrainedModel model) {
    ModelDefinition definition = model.definition();
    List<Integer> width = List.of(definition.classes().size());
    return new ModelInfo(
        ModelFormat.RETORT,
        definition.architecture(),
        List.of(new TensorInfo("features", "float32", definition.inputShape())),
        List.of(
            new OutputInfo("logits", "float32", width, OutputInfo.Kind.LOGITS),
            new OutputInfo("probabilities", "float32", width, OutputInfo.Kind.PROBABILITIES)),
        model.parameters().length,
        List.of(),
        definition.classes(),
        Map.of());
  }

  /** The same with the tensors in between that can be read. */
  public ModelInfo withTaps(List<TensorInfo> known) {
    return new ModelInfo(format, architecture, inputs, outputs, parameters, known, classes, facts);
  }
}
