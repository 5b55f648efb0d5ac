package io.retort.pipeline;

import io.retort.dataset.DatasetInfo;
import io.retort.model.FeatureScaling;
import io.retort.model.ModelDefinition;
import io.retort.model.ModelFormat;
import io.retort.model.StoredModel;
import io.retort.model.TrainedModel;
import io.retort.spec.Sha256;
import io.retort.spec.StudentSpec;
import io.retort.training.Networks;
import java.util.Objects;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The network that student and twin are, checked against the data.
 *
 * @param start parameters to go on from; null for new ones from the job's seed
 */
record StudentPlan(ModelDefinition definition, float @Nullable [] start) {

  private static final String POINTER = "/student/model";

  /**
   * @param scaling of new networks; one of the registry keeps its own
   * @throws io.retort.spec.RetortException where it cannot read the rows
   */
  static StudentPlan of(
      StudentSpec spec,
      DatasetInfo data,
      @Nullable FeatureScaling scaling,
      Function<String, StoredModel> registry,
      PlanTeacher.ModelLoader loader) {
    if (spec.model() != null) {
      return goingOn(registry.apply(spec.model()), data, loader);
    }
    ModelDefinition network =
        new ModelDefinition(
            Objects.requireNonNull(spec.architecture()), data.shape(), data.classes(), scaling);
    Networks.check(network, "/student/architecture");
    return new StudentPlan(network, null);
  }

  private static StudentPlan goingOn(
      StoredModel stored, DatasetInfo data, PlanTeacher.ModelLoader loader) {
    if (stored.info().format() != ModelFormat.RETORT) {
      throw PipelineException.mismatch(
          "not_trainable",
          POINTER,
          "Only a model that Retort made can be trained on; this one is a file of another"
              + " framework. Use it as the teacher instead.");
    }
    TrainedModel model = loader.own().apply(stored);
    ModelDefinition network = model.definition();
    if (network.columns() != data.features().size()) {
      throw PipelineException.mismatch(
          "shape_mismatch",
          POINTER,
          "The student reads rows of %d features %s, but the dataset has %d."
              .formatted(network.columns(), network.inputShape(), data.features().size()));
    }
    if (!network.classes().equals(data.classes())) {
      throw PipelineException.mismatch(
          "class_mismatch",
          POINTER,
          "The student knows the classes %s, the dataset has %s; to go on they must be the same."
              .formatted(
                  ClassOrder.shortened(network.classes()), ClassOrder.shortened(data.classes())));
    }
    return new StudentPlan(network, model.parameters());
  }

  /** What tells its start from another's. */
  String origin() {
    return start == null ? "" : Sha256.of(start);
  }
}
