package io.retort.plan;

import static java.util.Map.entry;

import io.retort.kernel.Angles;
import io.retort.kernel.BatchNormalization;
import io.retort.kernel.Convolution;
import io.retort.kernel.Elementwise;
import io.retort.kernel.Elementwise.Function;
import io.retort.kernel.Elementwise.Pair;
import io.retort.kernel.Kernel;
import io.retort.kernel.Pooling;
import io.retort.kernel.Products;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.indexing.NDArrayIndex;

/**
 * Which of ND4J's operations a captured plan runs as a kernel of oneDNN on a CPU. The graph says
 * what is computed, this table only with what: every kernel gives the numbers of the operation that
 * it stands for. A rule that returns null steps aside, and ND4J computes the operation.
 */
final class RewriteRules {

  /** Builds the kernel for an operation where it stands. */
  private interface Rule {
    @Nullable Kernel kernel(Site site);
  }

  private static final Map<String, Rule> TABLE =
      Map.ofEntries(
          entry("matmul", RewriteRules::product),
          entry("reduce_sum", ReductionRules::sums),
          entry("reduce_mean", ReductionRules::means),
          entry("multiply_bp", ReductionRules::productBackward),
          entry("conv2d", RewriteRules::convolution),
          entry("conv2d_bp", RewriteRules::convolutionBackward),
          entry("maxpool2d", site -> pooling(site, true)),
          entry("maxpool2d_bp", RewriteRules::poolingBackward),
          entry("avgpool2d", site -> pooling(site, false)),
          entry("avgpool2d_bp", RewriteRules::poolingBackward),
          entry("moments", RewriteRules::moments),
          entry("batchnorm", RewriteRules::batchNorm),
          entry("batchnorm_bp", RewriteRules::batchNormBackward),
          entry("reduce_sum_bp", site -> ReductionRules.repeated(site, false)),
          entry("reduce_mean_bp", site -> ReductionRules.repeated(site, true)),
          entry("add_bp", site -> ReductionRules.sumBackward(site, 1)),
          entry("subtract_bp", site -> ReductionRules.sumBackward(site, -1)),
          entry("divide", site -> pair(site, Pair.DIVIDE)),
          entry("maximum", site -> pair(site, Pair.MAXIMUM)),
          entry("minimum", site -> pair(site, Pair.MINIMUM)),
          entry("softplus", site -> function(site, Function.SOFTPLUS)),
          entry("abs", site -> function(site, Function.ABSOLUTE)),
          entry("sqrt", site -> function(site, Function.ROOT)),
          entry("log", site -> function(site, Function.LOGARITHM)),
          entry("exp", site -> function(site, Function.EXPONENTIAL)),
          entry("neg", site -> function(site, Function.NEGATIVE)),
          entry("Reciprocal", site -> function(site, Function.RECIPROCAL)),
          entry("ClipByValue", RewriteRules::clip),
          entry("relu", site -> function(site, Function.RELU)),
          entry("tanh", site -> function(site, Function.TANH)),
          entry("sigmoid", site -> function(site, Function.SIGMOID)),
          entry("relu_bp", site -> functionBackward(site, Function.RELU)),
          entry("tanh_bp", site -> functionBackward(site, Function.TANH)),
          entry("sigmoid_bp", site -> functionBackward(site, Function.SIGMOID)),
          entry("add", site -> pair(site, Pair.ADD)),
          entry("subtract", site -> pair(site, Pair.SUBTRACT)),
          entry("multiply", site -> pair(site, Pair.MULTIPLY)),
          entry("angle_loss", RewriteRules::angles),
          entry("angle_loss_bp", RewriteRules::anglesBackward),
          entry("mixed_positions", RewriteRules::mixedPositions),
          entry("roll", RewriteRules::roll),
          entry("permute", RewriteRules::permute));

  /** Rows of a product below which its left operand is better left transposed. */
  private static final int FEW_ROWS = 64;

  /** Operations whose kernel computes a ReLU behind them at no cost. */
  static final Set<String> TAKE_RELU = Set.of("matmul", "conv2d", "add", "batchnorm");

  /**
   * Operations that may write their first output over an input that nobody reads afterwards, and
   * which input.
   */
  static final Map<String, Integer> OVERWRITE =
      Map.of(
          "relu_bp", 1,
          "tanh_bp", 1,
          "sigmoid_bp", 1,
          "add", 0,
          "subtract", 0,
          "multiply", 0,
          "divide", 0,
          "add_bp", 2,
          "subtract_bp", 2);

  private RewriteRules() {}

  static @Nullable Kernel kernel(Site site) {
    Rule rule = TABLE.get(site.operation().name());
    return rule == null ? null : rule.kernel(site);
  }

  /** Names of the operations that have a rule, for tests that must miss none. */
  static Set<String> operations() {
    return TABLE.keySet();
  }

  private static @Nullable Kernel product(Site site) {
    if (site.in(0).rank() == 3 && site.in(1).rank() == 3) {
      INDArray first = site.integer(0) == 1 ? site.in(0).permute(0, 2, 1) : site.in(0);
      INDArray second = site.integer(1) == 1 ? site.in(1).permute(0, 2, 1) : site.in(1);
      return Products.stacked(site.dnn(), first, second, site.out(0));
    }
    if (site.in(0).rank() != 2) {
      return null;
    }
    INDArray a = site.integer(0) == 1 ? site.in(0).transpose() : site.in(0);
    INDArray b = site.integer(1) == 1 ? site.in(1).transpose() : site.in(1);
    INDArray bias = site.operation().bias() ? site.in(2) : null;
    // networks keep the bits that their products have always had
    return site.fused() && bias == null && !site.relu() && a.size(0) < FEW_ROWS
        ? Products.ofFewRows(site.dnn(), a, b, site.out(0))
        : Products.of(site.dnn(), a, b, bias, site.out(0), site.relu());
  }

  /** One matrix times each of a stack. */
  private static Kernel mixedPositions(Site site) {
    INDArray weights = site.in(0);
    INDArray matrix = site.integer(0) == 1 ? weights : weights.permute(0, 2, 1);
    return Products.stacked(site.dnn(), matrix, site.in(1), site.out(0));
  }

  private static Kernel convolution(Site site) {
    INDArray bias = site.in().size() > 2 ? site.in(2) : null;
    return convolution(site, site.in(0), site.in(1))
        .forward(site.in(0), site.in(1), bias, site.out(0), site.relu());
  }

  /** The gradient of the images is left out where nobody reads it, as before the first layer. */
  private static Kernel convolutionBackward(Site site) {
    Convolution convolution = convolution(site, site.in(0), site.in(1));
    INDArray slope = site.in(site.in().size() - 1);
    List<Kernel> kernels = new ArrayList<>();
    if (site.isRead(0)) {
      kernels.add(convolution.backwardImages(slope, site.in(1), site.out(0)));
    }
    INDArray bias = site.in().size() > 3 ? site.out(2) : null;
    kernels.add(convolution.backwardWeights(site.in(0), slope, site.out(1), bias));
    return Kernel.sequence(kernels);
  }

  private static Convolution convolution(Site site, INDArray x, INDArray w) {
    return new Convolution(
        site.dnn(), Convolution.Sizes.same(x.shape(), w.shape(), site.integer(2), site.integer(3)));
  }

  private static Kernel pooling(Site site, boolean max) {
    long height = site.integer(0);
    long width = site.integer(1);
    Pooling pooling =
        max
            ? Pooling.max(site.dnn(), height, width, site.in(0), site.out(0))
            : Pooling.mean(site.dnn(), height, width, site.in(0), site.out(0));
    site.notes().put(site.operation().inputs().get(0), pooling);
    return pooling.forward();
  }

  private static Kernel poolingBackward(Site site) {
    Pooling forward = (Pooling) note(site, site.operation().inputs().get(0));
    return forward.backward(site.in(site.in().size() - 1), site.out(0));
  }

  /** Left to the normalisation that reads them, which finds them on its way. */
  private static @Nullable Kernel moments(Site site) {
    boolean left =
        site.order().readers(site.operation().outputs().get(0)).stream()
            .anyMatch(reader -> reader.name().equals("batchnorm"));
    return left ? () -> {} : null;
  }

  private static Kernel batchNorm(Site site) {
    BatchNormalization norm =
        new BatchNormalization(site.dnn(), (float) site.real(0), site.in(0), site.relu());
    site.notes().put(site.operation().inputs().get(0), norm);
    boolean training = site.order().computedBy("moments", site.operation().inputs().get(1));
    return training
        ? norm.training(site.in(0), site.in(3), site.in(4), site.in(1), site.in(2), site.out(0))
        : norm.inference(site.in(0), site.in(3), site.in(4), site.in(1), site.in(2), site.out(0));
  }

  private static Kernel batchNormBackward(Site site) {
    BatchNormalization forward = (BatchNormalization) note(site, site.operation().inputs().get(0));
    return forward.backward(
        site.in(0),
        site.in(3),
        site.in(1),
        site.in(2),
        site.in(5),
        site.out(0),
        site.out(3),
        site.out(4));
  }

  private static Kernel function(Site site, Function function) {
    return Elementwise.apply(site.dnn(), function, site.in(0), site.out(0));
  }

  /** Between -1 and 1, which is what the terms ask for. */
  private static @Nullable Kernel clip(Site site) {
    return site.real(0) == -1 && site.real(1) == 1 ? function(site, Function.UNIT_CLIP) : null;
  }

  private static Kernel functionBackward(Site site, Function function) {
    return Elementwise.backward(site.dnn(), function, site.in(0), site.in(1), site.out(0));
  }

  private static @Nullable Kernel pair(Site site, Pair pair) {
    INDArray a = site.in(0);
    INDArray b = site.in(1);
    if (a.rank() != b.rank() || !Arrays.equals(a.shape(), site.out(0).shape())) {
      return null;
    }
    return Elementwise.apply(site.dnn(), pair, a, b, site.out(0), site.relu());
  }

  private static Kernel permute(Site site) {
    int[] axes = new int[site.in(0).rank()];
    for (int i = 0; i < axes.length; i++) {
      axes[i] = (int) site.integer(i);
    }
    return site.dnn().copy(site.in(0).permute(axes), site.out(0));
  }

  /** All numbers moved on by so many places, the last to where the first were. */
  private static Kernel roll(Site site) {
    long length = site.in(0).length();
    long places = Math.floorMod(site.integer(0), length);
    if (places == 0) {
      return site.dnn().copy(site.in(0), site.out(0));
    }
    INDArray from = site.in(0).reshape(length);
    INDArray to = site.out(0).reshape(length);
    return Kernel.sequence(
        List.of(
            site.dnn().copy(part(from, 0, length - places), part(to, places, length)),
            site.dnn().copy(part(from, length - places, length), part(to, 0, places))));
  }

  private static INDArray part(INDArray array, long from, long to) {
    return array.get(NDArrayIndex.interval(from, to));
  }

  private static Kernel angles(Site site) {
    Angles angles = new Angles(site.in(0), site.in(1));
    site.notes().put(site.operation().outputs().get(0), angles);
    return angles.loss(site.out(0));
  }

  private static Kernel anglesBackward(Site site) {
    Angles forward = (Angles) note(site, site.operation().inputs().get(2));
    return forward.gradient(site.in(3), site.out(0));
  }

  private static Object note(Site site, String variable) {
    return Objects.requireNonNull(site.notes().get(variable), "no forward pass of " + variable);
  }
}
