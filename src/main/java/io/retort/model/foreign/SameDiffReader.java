package io.retort.model.foreign;

import io.retort.model.ModelFormat;
import io.retort.model.ModelInfo;
import io.retort.model.OutputInfo;
import io.retort.model.TensorInfo;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.nd4j.autodiff.samediff.SDVariable;
import org.nd4j.autodiff.samediff.SameDiff;
import org.nd4j.autodiff.samediff.VariableType;
import org.nd4j.autodiff.samediff.internal.Variable;
import org.nd4j.linalg.api.ndarray.INDArray;

/** SameDiff's FlatBuffers, such as the {@code model.fb} of a {@code student.zip}. */
final class SameDiffReader implements FormatReader {

  @Override
  public ModelInfo inspect(Path file) {
    SameDiff graph = load(file);
    List<TensorInfo> inputs = inputs(graph);
    List<String> outputs = outputs(graph);
    boolean known = inputs.stream().allMatch(TensorInfo::fixed);
    List<String> all =
        graph.variables().stream()
            .filter(SameDiffReader::isComputed)
            .map(SDVariable::name)
            .toList();
    Map<String, INDArray> probe = known ? ArrayRunner.probe(network(graph), inputs, all) : Map.of();
    List<OutputInfo> infos = outputs.stream().map(name -> output(name, probe)).toList();
    long parameters =
        graph.variables().stream()
            .filter(v -> v.getVariableType() == VariableType.VARIABLE)
            .mapToLong(v -> v.getArr().length())
            .sum();
    return new ModelInfo(
        ModelFormat.SAMEDIFF,
        null,
        inputs,
        infos,
        parameters,
        ArrayRunner.taps(probe, outputs),
        List.of(),
        Map.of());
  }

  private static OutputInfo output(String name, Map<String, INDArray> probe) {
    INDArray seen = probe.get(name);
    return seen == null
        ? new OutputInfo(name, "float32", List.of(-1), OutputInfo.Kind.LOGITS)
        : new OutputInfo(name, "float32", ArrayRunner.row(seen), Dl4jNetwork.kind(seen));
  }

  @Override
  public RunningModel open(Path file, Opening opening) {
    SameDiff graph = load(file);
    for (String name : opening.outputs()) {
      if (!graph.hasVariable(name)) {
        throw new ForeignModelException(
            "unknown_tensor", "The model has no tensor " + Names.shown(name) + ".");
      }
    }
    return ArrayRunner.of(network(graph), opening);
  }

  private static SameDiff load(Path file) {
    try {
      SameDiff graph = SameDiff.fromFlatFile(file.toFile(), false);
      if (graph.inputs().isEmpty() || outputs(graph).isEmpty()) {
        throw ForeignModelException.damaged("its graph has no input or no output");
      }
      return graph;
    } catch (ForeignModelException e) {
      throw e;
    } catch (Exception e) {
      e.printStackTrace();
      throw ForeignModelException.damaged("it is no SameDiff graph that can be read");
    }
  }

  /** What no operation reads, and whatever calls itself logits, although a softmax reads it. */
  private static List<String> outputs(SameDiff graph) {
    return graph.variables().stream()
        .filter(SameDiffReader::isComputed)
        .map(SDVariable::name)
        .filter(name -> name.equals("logits") || isLeaf(graph, name))
        .toList();
  }

  private static boolean isLeaf(SameDiff graph, String name) {
    Variable variable = graph.getVariables().get(name);
    List<String> readers = variable == null ? null : variable.getInputsForOp();
    return readers == null || readers.isEmpty();
  }

  private static boolean isComputed(SDVariable variable) {
    return variable.getVariableType() == VariableType.ARRAY;
  }

  private static List<TensorInfo> inputs(SameDiff graph) {
    return graph.inputs().stream()
        .map(
            name -> {
              long[] shape = graph.getVariable(name).placeholderShape();
              return new TensorInfo(
                  name,
                  "float32",
                  shape == null
                      ? List.of(-1)
                      : Arrays.stream(shape)
                          .skip(1)
                          .mapToObj(side -> side > 0 ? Math.toIntExact(side) : -1)
                          .toList());
            })
        .toList();
  }

  private static ArrayNetwork network(SameDiff graph) {
    return (rows, wanted) -> {
      Map<String, INDArray> fed = new LinkedHashMap<>();
      for (int i = 0; i < rows.size(); i++) {
        fed.put(graph.inputs().get(i), rows.get(i));
      }
      return graph.output(fed, wanted);
    };
  }
}
