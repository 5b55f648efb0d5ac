package io.retort.onnx;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Looks at the numbers inside a network as rows go through it, and then makes the network's int8
 * form of what it saw: the range of each tensor's numbers.
 */
public final class Calibration implements AutoCloseable {

  /**
   * Share of rows that may reach beyond either end of a range. Covering every row spends the steps
   * on a few outliers: where features have heavy tails that costs points of accuracy.
   */
  private static final double CUT = 0.01;

  private static final Map<String, Object> OF_A_ROW =
      Map.of("axes", new long[] {1}, "keepdims", 0L);

  private final OnnxGraph folded;
  private final WholeTensors tensors;
  private final Set<String> watched;
  private final OrtSession session;
  private final Map<String, List<Float>> least = new HashMap<>();
  private final Map<String, List<Float>> largest = new HashMap<>();

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

  /**
   * The graph with each row's least and largest numbers as outputs, so that no tensor leaves it.
   */
  private OnnxGraph watching() {
    OnnxGraph graph = folded.empty();
    folded.nodes().forEach(node -> graph.keep(node, folded));
    for (String tensor : watched) {
      String row = graph.add("Flatten", Map.of("axis", 1L), tensor);
      graph.watch(graph.add("ReduceMin", OF_A_ROW, row));
      graph.watch(graph.add("ReduceMax", OF_A_ROW, row));
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
        keep((float[]) ends.get(next++).getValue(), tensor, least);
        keep((float[]) ends.get(next++).getValue(), tensor, largest);
      }
    } catch (OrtException e) {
      throw OnnxException.notRun(e);
    }
  }

  private static void keep(float[] ends, String tensor, Map<String, List<Float>> into) {
    List<Float> all = into.computeIfAbsent(tensor, name -> new ArrayList<>());
    for (float end : ends) {
      // an overflow in one row must not take every step from the others
      all.add(Float.isFinite(end) ? end : 0);
    }
  }

  /**
   * The network in int8, for the ranges that were seen.
   *
   * @throws IllegalStateException where no row was
   */
  public OnnxGraph quantized() {
    Map<String, Scale> scales = new HashMap<>();
    for (String tensor : tensors.all()) {
      String like = tensors.asTheirInput().get(tensor);
      scales.put(tensor, like == null ? scale(tensor) : scales.get(like));
    }
    return Quantization.of(folded, scales);
  }

  private Scale scale(String tensor) {
    List<Float> lows = sorted(least, tensor);
    List<Float> highs = sorted(largest, tensor);
    int cut = (int) (CUT * lows.size());
    return Scale.covering(lows.get(cut), highs.get(highs.size() - 1 - cut));
  }

  private static List<Float> sorted(Map<String, List<Float>> ends, String tensor) {
    List<Float> all = ends.get(tensor);
    if (all == null) {
      throw new IllegalStateException("no row was let through");
    }
    return all.stream().sorted().toList();
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
