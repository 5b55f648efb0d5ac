package io.retort.model.foreign;

import io.retort.spec.SpecReader;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;

/**
 * A network's configuration as JSON that is safe to hand to DL4J. DL4J instantiates the classes
 * that the JSON names, so every name must be on the list here; and what it gets is this tree
 * written anew, so that it cannot read anything but what was checked.
 */
final class Dl4jConfiguration {

  private static final String LAYERS = "org.deeplearning4j.nn.conf.layers.";
  private static final String GRAPH = "org.deeplearning4j.nn.conf.graph.";
  private static final int MAX_LAYERS = 2_000;

  private static final Set<String> ALLOWED_LAYERS =
      Set.of(
          "ActivationLayer",
          "BatchNormalization",
          "Convolution1D",
          "Convolution1DLayer",
          "Convolution2D",
          "ConvolutionLayer",
          "DenseLayer",
          "DepthwiseConvolution2D",
          "DropoutLayer",
          "EmbeddingLayer",
          "GlobalPoolingLayer",
          "LSTM",
          "LocalResponseNormalization",
          "LossLayer",
          "OutputLayer",
          "PReLULayer",
          "Pooling1D",
          "Pooling2D",
          "SeparableConvolution2D",
          "Subsampling1DLayer",
          "SubsamplingLayer",
          "Upsampling1D",
          "Upsampling2D",
          "ZeroPadding1DLayer",
          "ZeroPaddingLayer",
          "convolutional.Cropping1D",
          "convolutional.Cropping2D",
          "misc.FrozenLayer",
          "recurrent.LastTimeStep",
          "recurrent.SimpleRnn");

  private static final Set<String> ALLOWED_VERTICES =
      Set.of(
          "ElementWiseVertex",
          "L2NormalizeVertex",
          "LayerVertex",
          "MergeVertex",
          "PreprocessorVertex",
          "ReshapeVertex",
          "ScaleVertex",
          "ShiftVertex",
          "SubsetVertex");

  /** Packages of plain settings: their classes hold numbers and compute formulas. */
  private static final Pattern SETTINGS =
      Pattern.compile(
          "(org\\.nd4j\\.linalg\\.(activations\\.impl|lossfunctions\\.impl|learning\\.config"
              + "|learning\\.regularization|schedule)"
              + "|org\\.deeplearning4j\\.nn\\.(weights|conf\\.dropout|conf\\.distribution"
              + "|conf\\.preprocessor|conf\\.constraint|conf\\.stepfunctions))\\.[A-Za-z0-9]+");

  private static final Pattern WORD = Pattern.compile("[A-Za-z0-9_]{1,40}");

  private Dl4jConfiguration() {}

  /**
   * @param graph whether it is a ComputationGraph's rather than a MultiLayerNetwork's
   */
  record Checked(String json, boolean graph) {}

  static Checked read(byte[] bytes) {
    JsonNode tree;
    try {
      tree = SpecReader.mapper().readTree(bytes);
    } catch (JacksonException e) {
      throw ForeignModelException.damaged(
          "its configuration is no JSON, or has a key twice in one object");
    }
    if (!tree.isObject() || !(tree.has("confs") || tree.has("vertices"))) {
      throw ForeignModelException.damaged("its configuration describes no network");
    }
    if (tree.path("confs").size() + tree.path("vertices").size() > MAX_LAYERS) {
      throw ForeignModelException.tooLarge(
          "The network has more than the %,d layers that are read.".formatted(MAX_LAYERS));
    }
    check(tree);
    return new Checked(tree.toString(), tree.has("vertices"));
  }

  private static void check(JsonNode node) {
    for (Map.Entry<String, JsonNode> field : node.properties()) {
      String name = field.getKey();
      JsonNode value = field.getValue();
      if (name.startsWith("@")) {
        if (!name.equals("@class") || !value.isString() || !isAllowed(value.stringValue())) {
          throw refused(value);
        }
      } else if (name.equals("type")
          && value.isString()
          && !WORD.matcher(value.stringValue()).matches()
          && !isAllowed(value.stringValue())) {
        throw refused(value);
      }
    }
    node.values().forEach(Dl4jConfiguration::check);
  }

  private static boolean isAllowed(String name) {
    if (name.startsWith(LAYERS)) {
      return ALLOWED_LAYERS.contains(name.substring(LAYERS.length()));
    }
    if (name.startsWith(GRAPH)) {
      return ALLOWED_VERTICES.contains(name.substring(GRAPH.length()));
    }
    return SETTINGS.matcher(name).matches();
  }

  private static ForeignModelException refused(JsonNode name) {
    return new ForeignModelException(
        "unsupported_layer",
        "The configuration names the class %s, which is not among those that are read."
            .formatted(Names.shown(name.asString("(no text)"))));
  }
}
