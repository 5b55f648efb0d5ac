package io.retort.onnx;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import java.nio.FloatBuffer;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;

/**
 * Looks at the numbers inside a network as rows go through it, and then makes the network's int8
 * form of what it saw: the least and the largest number of each tensor.
 */
public final class Calibration implements AutoCloseable {

  private static final Map<String, Object> OF_ALL = Map.of("keepdims", 0L);

  private final OnnxGraph folded;
  private final WholeTensors tensors;
  private final Set<String> watched;
  private final OrtSession session;
  private final Map<String, Float> least = new HashMap<>();
  private final Map<String, Float> largest = new HashMap<>();

  private Calibration(OnnxGraph graph, int threads) {
    folded = Folding.of(graph);
    tensors = WholeTensors.of(folded);
    watched = new LinkedHashSet<>(tensors.all());
    watched.removeAll(tensors.asTheirInput().keySet());
    session = OnnxNetwork.session(OnnxFile.of(watching(), Map.of()), threads);
  }

  /**
   * Opens a network.
   *
   * @param graph in float32
   * @param threads compute threads
   * @throws OnnxException where ONNX Runtime refuses it
   */
  public static Calibration of(OnnxGraph graph, int threads) {
    return new Calibration(graph, threads);
  }

  /** The graph with the two ends of every range among its outputs, so that no tensor leaves it. */
  private OnnxGraph watching() {
    OnnxGraph graph = folded.empty();
    folded.nodes().forEach(node -> graph.keep(node, folded));
    for (String tensor : watched) {
      graph.watch(graph.add("ReduceMin", OF_ALL, tensor));
      graph.watch(graph.add("ReduceMax", OF_ALL, tensor));
    }
    return graph;
  }

  /**
   * Lets rows through.
   *
   * @param features {@code rows * columns} floats, row-major, from absolute index 0
   * @param rows any number from 1
   */
  public void add(FloatBuffer features, int rows) {
    long[] shape = {rows, folded.columns()};
    try (OnnxTensor input =
            OnnxTensor.createTensor(
                OrtEnvironment.getEnvironment(),
                features.slice(0, rows * folded.columns()),
                shape);
        OrtSession.Result ends = session.run(Map.of(OnnxGraph.FEATURES, input))) {
      int next = ends.size() - 2 * watched.size();
      for (String tensor : watched) {
        least.merge(tensor, finite((float) ends.get(next++).getValue()), Math::min);
        largest.merge(tensor, finite((float) ends.get(next++).getValue()), Math::max);
      }
    } catch (OrtException e) {
      throw OnnxException.notRun(e);
    }
  }

  /** An overflow in one row must not take every step from the others. */
  private static float finite(float number) {
    return Float.isFinite(number) ? number : 0;
  }

  /** The network in int8, for the ranges that were seen. */
  public OnnxGraph quantized() {
    Map<String, Scale> scales = new HashMap<>();
    for (String tensor : tensors.all()) {
      String like = tensors.asTheirInput().get(tensor);
      scales.put(
          tensor,
          like == null
              ? Scale.covering(least.getOrDefault(tensor, 0f), largest.getOrDefault(tensor, 0f))
              : scales.get(like));
    }
    return Quantization.of(folded, scales);
  }

  @Override
  public void close() {
    try {
      session.close();
    } catch (OrtException e) {
      throw OnnxException.notRun(e);
    }
  }
}
