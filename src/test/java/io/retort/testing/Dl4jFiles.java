package io.retort.testing;

import io.retort.spec.Architecture;
import io.retort.spec.SpecReader;
import java.io.IOException;
import java.nio.file.Path;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.graph.MergeVertex;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.BatchNormalization;
import org.deeplearning4j.nn.conf.layers.ConvolutionLayer;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.deeplearning4j.util.ModelSerializer;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.learning.config.Adam;
import org.nd4j.linalg.lossfunctions.LossFunctions.LossFunction;

/** Networks of DL4J, trained a little on the fixtures' rows and written by DL4J itself. */
public final class Dl4jFiles {

  public static final Architecture MLP =
      SpecReader.mapper().readValue("{\"type\": \"mlp\", \"hidden\": [8]}", Architecture.class);

  private Dl4jFiles() {}

  public static MultiLayerNetwork convolutional(Path file) throws IOException {
    MultiLayerNetwork net =
        new MultiLayerNetwork(
            new NeuralNetConfiguration.Builder()
                .seed(7)
                .updater(new Adam(0.01))
                .l2(1e-4)
                .list()
                .layer(
                    new ConvolutionLayer.Builder(2, 2).nOut(3).activation(Activation.RELU).build())
                .layer(new BatchNormalization())
                .layer(
                    new DenseLayer.Builder()
                        .nOut(4)
                        .activation(Activation.TANH)
                        .dropOut(0.9)
                        .build())
                .layer(
                    new OutputLayer.Builder(LossFunction.MCXENT)
                        .nOut(3)
                        .activation(Activation.SOFTMAX)
                        .build())
                .setInputType(InputType.convolutionalFlat(2, 3, 1))
                .build());
    net.init();
    for (int i = 0; i < 150; i++) {
      net.fit(
          Nd4j.createFromArray(Fixtures.features(100)).reshape(100, 6),
          Nd4j.createFromArray(Fixtures.oneHot(100)).reshape(100, 3));
    }
    ModelSerializer.writeModel(net, file.toFile(), true);
    return net;
  }

  public static ComputationGraph graph(Path file) throws IOException {
    ComputationGraph net =
        new ComputationGraph(
            new NeuralNetConfiguration.Builder()
                .seed(7)
                .graphBuilder()
                .addInputs("in")
                .addLayer(
                    "dense",
                    new DenseLayer.Builder().nIn(6).nOut(4).activation(Activation.TANH).build(),
                    "in")
                .addVertex("merge", new MergeVertex(), "dense", "in")
                .addLayer(
                    "out",
                    new OutputLayer.Builder(LossFunction.MCXENT)
                        .nIn(10)
                        .nOut(3)
                        .activation(Activation.SOFTMAX)
                        .build(),
                    "merge")
                .setOutputs("out")
                .build());
    net.init();
    ModelSerializer.writeModel(net, file.toFile(), false);
    return net;
  }
}
