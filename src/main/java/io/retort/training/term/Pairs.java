package io.retort.training.term;

import java.util.List;
import org.nd4j.autodiff.samediff.SDVariable;

/** Terms that are sums over pairs of tensors. */
final class Pairs {

  private Pairs() {}

  interface Loss {
    /** Of two tensors of one resolution, [1, 1]. */
    SDVariable of(Feature student, Feature teacher);
  }

  static SDVariable sum(List<Feature> student, List<Feature> teacher, Loss loss) {
    SDVariable total = null;
    for (int i = 0; i < student.size(); i++) {
      List<Feature> pair = Feature.alike(student.get(i), teacher.get(i));
      SDVariable one = loss.of(pair.get(0), pair.get(1));
      total = total == null ? one : total.add(one);
    }
    if (total == null) {
      throw new IllegalArgumentException("a term without tensors");
    }
    return total;
  }
}
