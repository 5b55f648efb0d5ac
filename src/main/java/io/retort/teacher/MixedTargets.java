package io.retort.teacher;

import io.retort.spec.OutputKind;
import java.nio.FloatBuffer;
import java.util.List;

/**
 * The weighted average of several teachers' soft targets.
 *
 * <p>Averaged logits are {@code sum w_i z_i}. Averaged probabilities are {@code p = sum w_i
 * softmax(z_i)}, given as {@code log(max(p, 1e-7))}.
 */
public final class MixedTargets implements SoftTargets {

  private final List<SoftTargets> members;
  private final List<Double> weights;
  private final OutputKind averaging;

  /**
   * Takes the members over, to close them.
   *
   * @param members of one size and one order of classes
   * @param weights one a member, summing to 1
   */
  public MixedTargets(List<SoftTargets> members, List<Double> weights, OutputKind averaging) {
    this.members = members;
    this.weights = weights;
    this.averaging = averaging;
  }

  @Override
  public int size() {
    return members.get(0).size();
  }

  @Override
  public int width() {
    return members.get(0).width();
  }

  @Override
  public void gather(int[] positions, int from, int count, FloatBuffer into) {
    int classes = width();
    FloatBuffer own = FloatBuffer.allocate(count * classes);
    double[] sum = new double[count * classes];
    for (int m = 0; m < members.size(); m++) {
      members.get(m).gather(positions, from, count, own);
      double weight = weights.get(m);
      for (int r = 0; r < count; r++) {
        add(own, r * classes, classes, weight, sum);
      }
    }
    for (int i = 0; i < sum.length; i++) {
      into.put(
          i,
          averaging == OutputKind.LOGITS
              ? (float) sum[i]
              : (float) Math.log(Math.max(sum[i], LogitForm.FLOOR)));
    }
  }

  private void add(FloatBuffer logits, int at, int classes, double weight, double[] sum) {
    if (averaging == OutputKind.LOGITS) {
      for (int c = at; c < at + classes; c++) {
        sum[c] += weight * logits.get(c);
      }
      return;
    }
    double[] probabilities = new double[classes];
    Softmax.of(logits, at, probabilities);
    for (int c = 0; c < classes; c++) {
      sum[at + c] += weight * probabilities[c];
    }
  }

  @Override
  public void close() {
    members.forEach(SoftTargets::close);
  }
}
