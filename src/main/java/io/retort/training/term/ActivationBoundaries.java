package io.retort.training.term;

import java.util.List;
import org.nd4j.autodiff.samediff.SDVariable;

/**
 * Activation boundaries (Heo et al., 2019), on tensors before their activation. A trained linear
 * map c brings the student's channels to the teacher's; where the teacher's unit is off, c(s) is
 * pushed below -margin, where it is on, above margin, by the squared distance. Summed with weight
 * 2^(i - n + 1) for the i-th of n pairs and multiplied by 3 / (1000 B).
 */
record ActivationBoundaries(double margin) implements Term {

  private static final double SCALE = 3.0 / 1000;

  @Override
  public SDVariable loss(TermGraph g, List<Feature> student, List<Feature> teacher) {
    SDVariable total = g.number(0, 2);
    for (int i = 0; i < student.size(); i++) {
      List<Feature> pair = Feature.alike(student.get(i), teacher.get(i));
      Feature s = pair.get(0);
      Feature t = pair.get(1);
      SDVariable moved = g.linear(s.pixels(), s.channels(), t.channels());
      double weight = Math.pow(2, i - student.size() + 1) * SCALE / g.batch();
      total = total.add(boundaries(g, moved, t.pixels()).mul(g.number(weight, 2)));
    }
    return total;
  }

  private SDVariable boundaries(TermGraph g, SDVariable s, SDVariable t) {
    SDVariable m = g.number(margin, 2);
    SDVariable on = g.isPositive(t);
    SDVariable above = g.relu(s.add(m));
    SDVariable below = g.relu(s.neg().add(m));
    SDVariable off = on.neg().add(g.number(1, 2));
    return g.sum(above.mul(above).mul(off).add(below.mul(below).mul(on)));
  }
}
