package io.retort.model.foreign;

import io.retort.model.TensorInfo;
import java.util.List;
import java.util.Map;
import org.deeplearning4j.nn.conf.CNN2DFormat;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import org.deeplearning4j.nn.conf.InputPreProcessor;
import org.deeplearning4j.nn.conf.MultiLayerConfiguration;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.graph.GraphVertex;
import org.deeplearning4j.nn.conf.graph.LayerVertex;
import org.deeplearning4j.nn.conf.layers.BaseRecurrentLayer;
import org.deeplearning4j.nn.conf.layers.Convolution1DLayer;
import org.deeplearning4j.nn.conf.layers.ConvolutionLayer;
import org.deeplearning4j.nn.conf.layers.FeedForwardLayer;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.deeplearning4j.nn.conf.preprocessor.FeedForwardToCnnPreProcessor;
import org.jspecify.annotations.Nullable;

/** What a DL4J network reads, which its configuration says only through its first layers. */
final class Dl4jInputs {

  private Dl4jInputs() {}

  static TensorInfo of(String name, MultiLayerConfiguration conf) {
    InputPreProcessor first = conf.getInputPreProcess(0);
    for (NeuralNetConfiguration layer : conf.getConfs()) {
      List<Integer> shape = shape(first, layer.getLayer());
      if (!shape.isEmpty()) {
        return new TensorInfo(name, "float32", shape);
      }
    }
    return new TensorInfo(name, "float32", List.of(-1));
  }

  static TensorInfo of(String name, ComputationGraphConfiguration conf) {
    for (Map.Entry<String, List<String>> vertex : conf.getVertexInputs().entrySet()) {
      GraphVertex reads = conf.getVertices().get(vertex.getKey());
      if (vertex.getValue().contains(name) && reads instanceof LayerVertex layer) {
        List<Integer> shape = shape(layer.getPreProcessor(), layer.getLayerConf().getLayer());
        if (!shape.isEmpty()) {
          return new TensorInfo(name, "float32", shape);
        }
      }
    }
    return new TensorInfo(name, "float32", List.of(-1));
  }

  /** Empty where the layer does not say. */
  private static List<Integer> shape(@Nullable InputPreProcessor first, Layer layer) {
    if (first instanceof FeedForwardToCnnPreProcessor flat) {
      return List.of(
          Math.toIntExact(flat.getNumChannels() * flat.getInputHeight() * flat.getInputWidth()));
    }
    if (!(layer instanceof FeedForwardLayer reads) || reads.getNIn() <= 0) {
      return List.of();
    }
    int width = Math.toIntExact(reads.getNIn());
    if (layer instanceof Convolution1DLayer || layer instanceof BaseRecurrentLayer) {
      return List.of(width, -1);
    }
    if (layer instanceof ConvolutionLayer convolution) {
      return convolution.getCnn2dDataFormat() == CNN2DFormat.NHWC
          ? List.of(-1, -1, width)
          : List.of(width, -1, -1);
    }
    return List.of(width);
  }
}
