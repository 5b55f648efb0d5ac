package io.retort.training;

import io.retort.model.TrainedModel;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.nativeblas.NativeOpsHolder;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/** The engine's inner loops on one thread. {@code benchmarks/jmh.sh} runs it. */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Fork(1)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
public class EngineBenchmark {

  /** A training of a network of the suite. */
  @State(Scope.Thread)
  public static class Step {
    @Param({
      "MLP_784_30_10",
      "MLP_784_128_10",
      "MLP_784_1200_1200_10",
      "MNIST1D_MLP",
      "MNIST1D_CNN",
      "CNN_28X28",
      "RESNET_8_32X32"
    })
    private String net;

    private Suite.Training training;

    @Setup
    public void open() {
      useOneThread();
      training = Suite.valueOf(net).open(1);
    }

    @TearDown
    public void close() {
      training.close();
    }
  }

  /** The same networks as teachers. */
  @State(Scope.Thread)
  public static class Label {
    private static final int ROWS = 256;

    @Param({"MLP_784_1200_1200_10", "MNIST1D_CNN", "CNN_28X28", "RESNET_8_32X32"})
    private String net;

    private InferenceNetwork network;
    private FloatBuffer rows;
    private FloatBuffer logits;

    @Setup
    public void open() {
      Suite suite = Suite.valueOf(net);
      float[] parameters = ParameterLayout.of(suite.definition).initial(1);
      network = InferenceNetwork.open(new TrainedModel(suite.definition, parameters), ROWS, 1);
      rows = floats(ROWS * suite.definition.columns());
      SplittableRandom random = new SplittableRandom(1);
      for (int i = 0; i < rows.capacity(); i++) {
        rows.put(i, (float) random.nextGaussian());
      }
      logits = floats(ROWS * suite.definition.classes().size());
    }

    @TearDown
    public void close() {
      network.close();
    }

    private static FloatBuffer floats(int n) {
      return ByteBuffer.allocateDirect(n * Float.BYTES)
          .order(ByteOrder.nativeOrder())
          .asFloatBuffer();
    }
  }

  /** A batch of 128 rows. */
  @State(Scope.Thread)
  public static class Loss {
    private static final int ROWS = 128;

    @Param({"10", "1000"})
    private int classes;

    private ResponseObjective objective;
    private double[] student;
    private double[] teacher;
    private double[] slope;
    private int[] labels;

    @Setup
    public void fill() {
      objective = new ResponseObjective(Suite.objective(), classes);
      SplittableRandom random = new SplittableRandom(1);
      student = random.doubles((long) ROWS * classes).toArray();
      teacher = random.doubles((long) ROWS * classes).toArray();
      slope = new double[ROWS * classes];
      labels = random.ints(ROWS, 0, classes).toArray();
    }
  }

  @Benchmark
  public double step(Step s) {
    return s.training.step();
  }

  @Benchmark
  public float label256Rows(Label s) {
    s.network.logits(s.rows, Label.ROWS, s.logits);
    return s.logits.get(0);
  }

  @Benchmark
  public double objective128Rows(Loss s) {
    return s.objective.evaluate(s.student, s.teacher, s.labels, Loss.ROWS, s.slope);
  }

  private static void useOneThread() {
    Nd4j.getExecutioner(); // loads the backend that the holder hands out
    NativeOpsHolder.getInstance().getDeviceNativeOps().setOmpNumThreads(1);
  }
}
