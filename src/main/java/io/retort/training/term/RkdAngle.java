package io.retort.training.term;

import java.util.List;
import org.nd4j.autodiff.samediff.SDVariable;

/**
 * Relational distillation by angle (Park et al., 2019): mean over B^3 of huber(A_s - A_t), where
 * A_ijk is the cosine at row i between rows j and k. Unmoved by rotation and scale of either side.
 * Memory grows with B^3 and with B^2 times the width.
 */
final class RkdAngle implements Term {

  @Override
  public SDVariable loss(TermGraph g, List<Feature> student, List<Feature> teacher) {
    SDVariable s = cosines(g, student.get(0));
    SDVariable t = cosines(g, teacher.get(0));
    return g.mean(g.huber(s.sub(t), 3));
  }

  private static SDVariable cosines(TermGraph g, Feature feature) {
    int n = g.batch();
    SDVariable rows = feature.pooled();
    SDVariable to = rows.reshape(1, n, feature.channels());
    SDVariable from = rows.reshape(n, 1, feature.channels());
    SDVariable directions = g.normalised(to.sub(from), 2, 3);
    return g.graph().mmul(directions, directions, false, true, false);
  }
}
