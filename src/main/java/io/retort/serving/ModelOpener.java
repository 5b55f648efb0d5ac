package io.retort.serving;

import io.retort.model.ModelDefinition;
import io.retort.model.ModelFormat;
import io.retort.model.ModelInfo;
import io.retort.model.OutputInfo;
import io.retort.model.StoredModel;
import io.retort.model.TensorInfo;
import io.retort.model.TrainedModel;
import io.retort.model.foreign.ForeignModels;
import io.retort.registry.ModelReader;
import io.retort.spec.TeacherSpec;
import io.retort.teacher.ForeignTeacher;
import io.retort.teacher.Reading;
import io.retort.training.InferenceNetwork;
import java.util.List;
import java.util.stream.IntStream;
import org.springframework.stereotype.Component;

/** Opens a model of the registry by what its file says of itself. */
@Component
class ModelOpener {

  private static final int THREADS = 1;

  private final ModelReader own;
  private final ForeignModels foreign;

  ModelOpener(ModelReader own, ForeignModels foreign) {
    this.own = own;
    this.foreign = foreign;
  }

  /**
   * @throws ServingException where the file does not say enough of itself
   */
  ServedModel open(StoredModel stored) {
    if (stored.info().format() == ModelFormat.RETORT) {
      TrainedModel model = own.read(stored.file());
      ModelDefinition definition = model.definition();
      return new ServedModel(
          InferenceNetwork.open(model, ServedModel.BATCH, THREADS), definition.inputShape());
    }
    ModelInfo info = stored.info();
    if (info.inputs().size() != 1 || !info.inputs().get(0).fixed()) {
      throw ServingException.notServable(
          "A model of another framework is served where it has one input of a fixed shape; this one"
              + " has "
              + info.inputs()
              + ". Distil from it instead.");
    }
    TensorInfo input = info.inputs().get(0);
    Reading reading =
        Reading.of(
            foreign,
            stored,
            TeacherSpec.AS_IT_SAYS,
            new Reading.Dataset(numbered(input.size()), input.shape(), classes(info)),
            "");
    return new ServedModel(
        ForeignTeacher.open(
            foreign, stored, reading, input.size(), List.of(), ServedModel.BATCH, THREADS),
        input.shape());
  }

  /** The names that the file has, or numbers for as many as an output has numbers. */
  private static List<String> classes(ModelInfo info) {
    if (!info.classes().isEmpty()) {
      return info.classes();
    }
    int width =
        info.outputs().stream()
            .filter(output -> output.kind() != OutputInfo.Kind.LABEL)
            .mapToInt(output -> output.shape().stream().reduce(1, (a, b) -> a * b))
            .filter(numbers -> numbers > 0)
            .findFirst()
            .orElseThrow(
                () ->
                    ServingException.notServable(
                        "The model says neither its classes nor how many there are."));
    return numbered(width == 1 ? 2 : width);
  }

  private static List<String> numbered(int count) {
    return IntStream.range(0, count).mapToObj(Integer::toString).toList();
  }
}
