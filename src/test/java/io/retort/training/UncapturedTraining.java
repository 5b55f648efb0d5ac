package io.retort.training;

import io.retort.dataset.Split;
import io.retort.model.ModelDefinition;
import io.retort.plan.Backpropagation;
import io.retort.spec.ObjectiveSpec;
import io.retort.spec.OptimizerSpec;
import io.retort.teacher.SoftTargets;
import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.nd4j.autodiff.samediff.SDVariable;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * Training as SameDiff itself runs a graph: it walks the graph, calculates shapes and allocates
 * arrays at every step. What captured training must agree with.
 */
final class UncapturedTraining {

  private UncapturedTraining() {}

  /** Trains on the first rows of every part of the order, without dropout. */
  static float[] parameters(
      ModelDefinition definition,
      Split rows,
      SoftTargets targets,
      ObjectiveSpec objective,
      OptimizerSpec optimizer,
      int[] order,
      int batch,
      int steps) {
    ParameterLayout layout = ParameterLayout.of(definition);
    int classes = definition.classes().size();
    ResponseObjective loss = new ResponseObjective(objective, classes);
    try (FlatParameters parameters = new FlatParameters(layout, DataType.FLOAT);
        FlatParameters gradients = new FlatParameters(layout, DataType.FLOAT);
        NetworkGraph net =
            NetworkGraph.build(definition, parameters.views(), batch, DataType.FLOAT, true)) {
      parameters.write(layout.initial(1));
      ParameterUpdate update =
          new ParameterUpdate(Optimizer.of(optimizer, layout.trained()), parameters, gradients, 1);
      SDVariable slope = net.graph().placeHolder("slope", DataType.FLOAT, batch, classes);
      Map<String, SDVariable> found = Backpropagation.from(net.logits(), slope);
      Map<String, INDArray> in = new HashMap<>();
      int[] labels = new int[batch];
      for (int step = 0; step < steps; step++) {
        int from = step * batch % order.length;
        // SameDiff holds copies of views
        parameters
            .trained()
            .forEach((name, view) -> net.graph().setArrayForVariable(name, view.dup('c')));
        FloatBuffer features = FloatBuffer.allocate(batch * rows.columns());
        rows.gather(order, from, batch, features);
        in.put("features", Nd4j.createFromArray(features.array()).reshape(batch, rows.columns()));
        in.put("slope", Nd4j.zeros(DataType.FLOAT, batch, classes));
        for (int i = 0; i < batch; i++) {
          labels[i] = rows.label(order[from + i]);
        }
        FloatBuffer teacher = FloatBuffer.allocate(batch * classes);
        targets.gather(order, from, batch, teacher);
        double[] slopes = new double[batch * classes];
        double[] logits =
            net.graph()
                .output(in, NetworkGraph.LOGITS)
                .get(NetworkGraph.LOGITS)
                .dup('c')
                .data()
                .asDouble();
        loss.evaluate(
            logits, Nd4j.createFromArray(teacher.array()).data().asDouble(), labels, batch, slopes);
        in.put(
            "slope", Nd4j.createFromArray(slopes).castTo(DataType.FLOAT).reshape(batch, classes));
        List<String> wanted = new ArrayList<>();
        gradients.trained().keySet().forEach(name -> wanted.add(found.get(name).name()));
        for (NetworkGraph.Norm norm : net.norms()) {
          wanted.add(norm.mean());
          wanted.add(norm.variance());
        }
        Map<String, INDArray> out = net.graph().output(in, wanted);
        gradients.trained().forEach((name, view) -> view.assign(out.get(found.get(name).name())));
        for (NetworkGraph.Norm norm : net.norms()) {
          double n = (double) norm.positions() * batch;
          follow(parameters, norm.runningMean(), out.get(norm.mean()));
          follow(parameters, norm.runningVariance(), out.get(norm.variance()).mul(n / (n - 1)));
        }
        update.step(optimizer.learningRate());
      }
      float[] result = new float[layout.size()];
      parameters.read(result);
      return result;
    }
  }

  private static void follow(FlatParameters parameters, ParameterTensor tensor, INDArray batch) {
    INDArray running = parameters.views().get(tensor.name());
    running.muli(0.9).addi(batch.mul(0.1));
  }
}
