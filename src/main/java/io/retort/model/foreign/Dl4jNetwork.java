package io.retort.model.foreign;

import io.retort.model.Likelihood;
import io.retort.model.ModelFormat;
import io.retort.model.ModelInfo;
import io.retort.model.OutputInfo;
import io.retort.model.TensorInfo;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import org.deeplearning4j.nn.conf.MultiLayerConfiguration;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.graph.GraphVertex;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** A MultiLayerNetwork or ComputationGraph with its parameters. */
final class Dl4jNetwork implements ArrayNetwork {

  private final List<TensorInfo> inputs;
  private final List<String> outputs;
  private final long parameters;
  private final ArrayNetwork activations;

  private Dl4jNetwork(
      List<TensorInfo> inputs, List<String> outputs, long parameters, ArrayNetwork activations) {
    this.inputs = inputs;
    this.outputs = outputs;
    this.parameters = parameters;
    this.activations = activations;
  }

  /**
   * @throws ForeignModelException where the layers do not have as many parameters as are given;
   *     nothing is allocated before that is known
   */
  static Dl4jNetwork build(Dl4jConfiguration.Checked configuration, float[] parameters) {
    try {
      return configuration.graph()
          ? graph(ComputationGraphConfiguration.fromJson(configuration.json()), parameters)
          : layers(MultiLayerConfiguration.fromJson(configuration.json()), parameters);
    } catch (ForeignModelException e) {
      throw e;
    } catch (RuntimeException e) {
      e.printStackTrace();
      throw ForeignModelException.damaged("DL4J cannot build its configuration");
    }
  }

  private static Dl4jNetwork layers(MultiLayerConfiguration conf, float[] parameters) {
    long expected = 0;
    for (NeuralNetConfiguration layer : conf.getConfs()) {
      expected += layer.getLayer().initializer().numParams(layer);
    }
    checkCount(expected, parameters.length);
    MultiLayerNetwork net = new MultiLayerNetwork(conf);
    net.init(Nd4j.createFromArray(parameters).reshape(1, parameters.length), false);
    List<String> names = new ArrayList<>();
    for (NeuralNetConfiguration layer : conf.getConfs()) {
      String name = layer.getLayer().getLayerName();
      names.add(name == null || names.contains(name) ? "layer" + names.size() : name);
    }
    return new Dl4jNetwork(
        List.of(Dl4jInputs.of("input", conf)),
        List.of(names.get(names.size() - 1)),
        parameters.length,
        (rows, wanted) -> {
          List<INDArray> all = net.feedForward(rows.get(0), false);
          Map<String, INDArray> named = new LinkedHashMap<>();
          for (int i = 0; i < names.size(); i++) {
            named.put(names.get(i), all.get(i + 1));
          }
          return named;
        });
  }

  private static Dl4jNetwork graph(ComputationGraphConfiguration conf, float[] parameters) {
    long expected = 0;
    for (GraphVertex vertex : conf.getVertices().values()) {
      expected += vertex.numParams(false);
    }
    checkCount(expected, parameters.length);
    ComputationGraph net = new ComputationGraph(conf);
    net.init(Nd4j.createFromArray(parameters).reshape(1, parameters.length), false);
    return new Dl4jNetwork(
        conf.getNetworkInputs().stream().map(name -> Dl4jInputs.of(name, conf)).toList(),
        List.copyOf(conf.getNetworkOutputs()),
        parameters.length,
        (rows, wanted) -> {
          Map<String, INDArray> all =
              new LinkedHashMap<>(net.feedForward(rows.toArray(INDArray[]::new), false));
          all.keySet().removeAll(conf.getNetworkInputs());
          return all;
        });
  }

  private static void checkCount(long expected, int given) {
    if (expected != given) {
      throw ForeignModelException.damaged(
          "its layers have %,d parameters, but it holds %,d".formatted(expected, given));
    }
  }

  @Override
  public Map<String, INDArray> run(List<INDArray> rows, List<String> wanted) {
    return activations.run(rows, wanted);
  }

  ModelInfo inspect(ModelFormat format) {
    boolean known = inputs.stream().allMatch(TensorInfo::fixed);
    Map<String, INDArray> probe = known ? ArrayRunner.probe(this, inputs, outputs) : Map.of();
    List<OutputInfo> infos = new ArrayList<>();
    for (String name : outputs) {
      INDArray seen = probe.get(name);
      infos.add(
          seen == null
              ? new OutputInfo(name, "float32", List.of(-1), OutputInfo.Kind.PROBABILITIES)
              : new OutputInfo(name, "float32", ArrayRunner.row(seen), kind(seen)));
    }
    return new ModelInfo(
        format,
        null,
        inputs,
        infos,
        parameters,
        ArrayRunner.taps(probe, outputs),
        List.of(),
        Map.of());
  }

  /** A classifier's last layer has a softmax or sigmoid; its numbers tell whether it is there. */
  static OutputInfo.Kind kind(INDArray seen) {
    float[] values = ArrayRunner.floats(seen);
    int width = (int) (values.length / seen.size(0));
    boolean likely =
        Likelihood.inUnitRange(values) && (width == 1 || Likelihood.sumToOne(values, width));
    return likely ? OutputInfo.Kind.PROBABILITIES : OutputInfo.Kind.LOGITS;
  }
}
