package io.retort.plan;

import io.retort.kernel.Elementwise;
import io.retort.kernel.Elementwise.Function;
import io.retort.kernel.Elementwise.Pair;
import io.retort.kernel.Kernel;
import io.retort.kernel.Reduction;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.api.ops.BaseOp;

/** Those of the {@link RewriteRules} that sum over axes or repeat along them. */
final class ReductionRules {

  private ReductionRules() {}

  static @Nullable Kernel sums(Site site) {
    Reduction reduction = reduction(site, site.in(0));
    return reduction == null ? null : reduction.sum(site.in(0), 1, site.out(0));
  }

  static @Nullable Kernel means(Site site) {
    Reduction reduction = reduction(site, site.in(0));
    return reduction == null ? null : reduction.sum(site.in(0), 1f / reduction.size(), site.out(0));
  }

  private static @Nullable Reduction reduction(Site site, INDArray x) {
    return Reduction.of(site.dnn(), x, kept(site));
  }

  static @Nullable Kernel repeated(Site site, boolean mean) {
    INDArray slope = site.in(1);
    Reduction reduction =
        slope.rank() == site.out(0).rank()
            ? Reduction.of(site.dnn(), site.out(0), slope.shape())
            : null;
    return reduction == null
        ? null
        : reduction.repeated(slope, mean ? 1f / reduction.size() : 1, site.out(0));
  }

  private static int[] axes(Site site) {
    return ((BaseOp) site.operation().function()).dimensions().toIntVector();
  }

  /** The shape of the first input with 1 for the axes that are reduced. */
  private static long[] kept(Site site) {
    long[] shape = site.in(0).shape().clone();
    for (int axis : axes(site)) {
      shape[axis < 0 ? axis + shape.length : axis] = 1;
    }
    return shape;
  }

  /** Of a sum or a difference, whose operands may be repeated along some of their axes. */
  static @Nullable Kernel sumBackward(Site site, int sign) {
    INDArray slope = site.in(2);
    List<Kernel> kernels = new ArrayList<>();
    // the first may stand in the slope's own memory, so the second is computed before it
    for (int i : new int[] {1, 0}) {
      if (!site.isRead(i)) {
        continue;
      }
      Kernel kernel = folded(site, slope, i == 1 ? sign : 1, site.out(i));
      if (kernel == null) {
        return null;
      }
      kernels.add(kernel);
    }
    return Kernel.sequence(kernels);
  }

  /** A slope summed down to the shape of an operand that was repeated. */
  private static @Nullable Kernel folded(Site site, INDArray slope, int sign, INDArray out) {
    if (!Arrays.equals(slope.shape(), out.shape())) {
      Reduction reduction =
          slope.rank() == out.rank() ? Reduction.of(site.dnn(), slope, out.shape()) : null;
      return reduction == null ? null : reduction.sum(slope, sign, out);
    }
    if (sign < 0) {
      return Elementwise.apply(site.dnn(), Function.NEGATIVE, slope, out);
    }
    boolean there =
        slope.data().addressPointer().address() == out.data().addressPointer().address();
    return there ? () -> {} : site.dnn().copy(slope, out);
  }

  /** Of a tensor times one that is repeated along some of its axes. */
  static @Nullable Kernel productBackward(Site site) {
    INDArray a = site.in(0);
    INDArray b = site.in(1);
    INDArray slope = site.in(2);
    if (a.rank() != b.rank() || !Arrays.equals(a.shape(), slope.shape())) {
      return null;
    }
    List<Kernel> kernels = new ArrayList<>();
    if (site.isRead(1) && Arrays.equals(a.shape(), b.shape())) {
      kernels.add(Elementwise.apply(site.dnn(), Pair.MULTIPLY, slope, a, site.out(1), false));
    } else if (site.isRead(1)) {
      Reduction reduction = Reduction.of(site.dnn(), site.out(0), b.shape());
      if (reduction == null) {
        return null;
      }
      // what is to be summed stands for a moment where the other gradient will
      kernels.add(Elementwise.apply(site.dnn(), Pair.MULTIPLY, slope, a, site.out(0), false));
      kernels.add(reduction.sum(site.out(0), 1, site.out(1)));
    }
    if (site.isRead(0)) {
      kernels.add(Elementwise.apply(site.dnn(), Pair.MULTIPLY, slope, b, site.out(0), false));
    }
    return Kernel.sequence(kernels);
  }
}
