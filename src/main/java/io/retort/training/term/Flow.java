package io.retort.training.term;

import java.util.List;
import org.nd4j.autodiff.samediff.SDVariable;

/**
 * Flow of the solution procedure (Yim et al., 2017): for stages that follow each other G is the
 * mean over positions of f_i f_(i+1)^T, the larger map averaged down to the smaller one, and the
 * loss the sum over such pairs of the mean of (G_s - G_t)^2.
 */
final class Flow implements Term {

  @Override
  public SDVariable loss(TermGraph g, List<Feature> student, List<Feature> teacher) {
    SDVariable total = g.number(0, 2);
    for (int i = 0; i + 1 < student.size(); i++) {
      SDVariable s = flow(g, student.get(i), student.get(i + 1));
      SDVariable t = flow(g, teacher.get(i), teacher.get(i + 1));
      SDVariable difference = s.sub(t);
      total = total.add(g.mean(difference.mul(difference)));
    }
    return total;
  }

  private static SDVariable flow(TermGraph g, Feature first, Feature second) {
    List<Feature> pair = Feature.alike(first, second);
    SDVariable a = pair.get(0).maps();
    SDVariable b = pair.get(1).maps();
    double share = 1.0 / pair.get(0).positions();
    return g.graph().mmul(a, b, false, true, false).mul(g.number(share, 3));
  }
}
