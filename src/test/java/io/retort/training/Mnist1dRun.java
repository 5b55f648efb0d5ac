package io.retort.training;

import io.retort.model.ModelDefinition;
import io.retort.spec.Activation;
import io.retort.spec.Architecture;
import io.retort.spec.Cancellation;
import io.retort.spec.ObjectiveSpec;
import io.retort.spec.OptimizerSpec;
import io.retort.spec.ScheduleSpec;
import io.retort.spec.TrainingSpec;
import java.nio.FloatBuffer;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;

class Mnist1dRun {
  public static void main(String[] args) throws Exception {
    ArraySplit all = ArraySplit.csv(Path.of("../shared/data/mnist1d/train.csv"));
    ArraySplit test = ArraySplit.csv(Path.of("../shared/data/mnist1d/test.csv"));
    int epochs = Integer.parseInt(args[0]);
    List<String> classes = IntStream.range(0, 10).mapToObj(String::valueOf).toList();
    for (Architecture a :
        List.of(
            new Architecture.Cnn1d(List.of(25, 25, 25), null, null, null, null),
            new Architecture.Mlp(List.of(100, 100), Activation.RELU, 0.0, true))) {
      ModelDefinition def = new ModelDefinition(a, List.of(40), classes, null);
      for (ScheduleSpec s :
          List.of(new ScheduleSpec.Constant(0), new ScheduleSpec.Cosine(0, 0.0))) {
        TrainingOutcome out =
            new Trainer(Integer.parseInt(args[1]))
                .train(
                    def,
                    all.part(400, 4000),
                    all.part(0, 400),
                    null,
                    ObjectiveSpec.labelsOnly(1, 1),
                    new TrainingSpec(
                        epochs,
                        100,
                        new OptimizerSpec.Adam(0.01, null, null, null),
                        s,
                        null,
                        null,
                        Long.parseLong(args[2])),
                    TrainingListener.SILENT,
                    Cancellation.NONE);
        int right = 0;
        try (InferenceNetwork net = InferenceNetwork.open(out.model(), 1000, 1)) {
          FloatBuffer x = FloatBuffer.allocate(40000), z = FloatBuffer.allocate(10000);
          test.gather(IntStream.range(0, 1000).toArray(), 0, 1000, x);
          net.logits(x, 1000, z);
          for (int i = 0; i < 1000; i++) {
            int best = 0;
            for (int c = 0; c < 10; c++) best = z.get(i * 10 + c) > z.get(i * 10 + best) ? c : best;
            right += best == test.label(i) ? 1 : 0;
          }
        }
        System.out.printf(
            "%s %s: test %.1f best epoch %d/%d %.2f s, %.3f ms/step%n",
            a.getClass().getSimpleName(),
            s,
            right / 10.0,
            out.bestEpoch(),
            out.epochs(),
            out.seconds(),
            1000 * out.seconds() / out.steps());
      }
    }
  }
}
