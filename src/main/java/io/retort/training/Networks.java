package io.retort.training;

import io.retort.model.ModelDefinition;
import io.retort.model.TrainedModel;
import io.retort.onnx.OnnxGraph;
import io.retort.spec.Architecture;
import io.retort.teacher.Tap;
import java.nio.ByteBuffer;
import java.util.List;
import org.nd4j.autodiff.samediff.SameDiff;
import org.nd4j.linalg.api.buffer.DataType;

/** What can be asked of a network without training it. */
public final class Networks {

  private Networks() {}

  /**
   * Whether an architecture can read rows of the definition's shape.
   *
   * @param pointer of the architecture in the job spec, for the error
   * @throws TrainingException where it cannot
   */
  public static void check(ModelDefinition definition, String pointer) {
    LayerPlan.of(definition, pointer);
  }

  /** The tensors in between that can be read of such a network, in the order of its layers. */
  public static List<Tap> taps(ModelDefinition definition) {
    return TapPoint.of(LayerPlan.of(definition, "")).stream().map(TapPoint::tap).toList();
  }

  /**
   * Names of the taps of an architecture, which hardly ever depend on what it reads; empty where
   * nothing is known before the rows are.
   */
  public static List<String> tapNames(Architecture architecture) {
    try {
      ModelDefinition any =
          new ModelDefinition(architecture, smallestShape(architecture), List.of("a", "b"), null);
      return taps(any).stream().map(Tap::name).toList();
    } catch (TrainingException e) {
      return List.of();
    }
  }

  /** The shape of the smallest rows, or nearly, that an architecture can read. */
  public static List<Integer> smallestShape(Architecture architecture) {
    if (architecture instanceof Architecture.Cnn2d cnn) {
      double side = Math.pow(cnn.pool(), cnn.channels().size());
      int most = (int) Math.min(side, 1024);
      return List.of(1, most, most);
    }
    return architecture instanceof Architecture.Resnet ? List.of(1, 16, 16) : List.of(16);
  }

  /** Numbers of one row: those it has, and those that leave every layer. */
  public static long activations(ModelDefinition definition) {
    return definition.columns()
        + Layer.leaves(LayerPlan.of(definition, "").layers()).mapToLong(Layer::outputs).sum();
  }

  /** Numbers in a model's parameter vector: the trained ones and running statistics. */
  public static long storedParameters(ModelDefinition definition) {
    return ParameterLayout.of(definition).size();
  }

  /**
   * A model as a SameDiff file (FlatBuffers) for anybody's use: raw {@code features} [-1, columns]
   * in, {@code logits} and {@code probabilities} [-1, classes] out.
   */
  public static byte[] sameDiffFile(TrainedModel model) {
    try (FlatParameters parameters =
        new FlatParameters(ParameterLayout.of(model.definition()), DataType.FLOAT)) {
      parameters.write(model.parameters());
      try (NetworkGraph net =
          NetworkGraph.build(model.definition(), parameters.views(), -1, DataType.FLOAT, false)) {
        SameDiff sd = net.graph();
        sd.nn.softmax("probabilities", net.logits(), 1);
        ByteBuffer file = sd.asFlatBuffers(false);
        byte[] bytes = new byte[file.remaining()];
        file.get(bytes);
        return bytes;
      }
    }
  }

  /** A model in ONNX's operations, its standardisation included. */
  public static OnnxGraph onnx(TrainedModel model) {
    return OnnxExport.of(model);
  }
}
