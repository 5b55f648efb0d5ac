package io.retort.training.term;

import java.util.List;
import org.nd4j.autodiff.samediff.SDVariable;

/**
 * Relational distillation by angle (Park et al., 2019): mean over B^3 of huber(A_s - A_t), where
 * A_ijk is the cosine at row i between rows j and k. Unmoved by rotation and scale of either side.
 * It takes some B^3 operations, whatever the width.
 */
final class RkdAngle implements Term {

  @Override
  public SDVariable loss(TermGraph g, List<Feature> student, List<Feature> teacher) {
    SDVariable s = products(g, student.get(0));
    SDVariable t = products(g, teacher.get(0));
    return new AngleLoss(s, t).outputVariable();
  }

  /** Angles do not depend on the centre, but the rounding of products does. */
  private static SDVariable products(TermGraph g, Feature feature) {
    SDVariable rows = feature.pooled();
    return g.products(rows.sub(g.stop(rows.mean(true, 0))));
  }
}
