package io.retort.training.term;

import java.util.List;
import org.nd4j.autodiff.samediff.SDVariable;

/**
 * FitNets' hint (Romero et al., 2015): the mean squared difference of the teacher's tensor and the
 * student's. Where the widths differ a regressor is trained on the student's: a 1x1 convolution,
 * batch normalisation and ReLU for maps, a linear layer for vectors.
 */
final class Hint implements Term {

  @Override
  public SDVariable loss(TermGraph g, List<Feature> student, List<Feature> teacher) {
    List<Feature> pair = Feature.alike(student.get(0), teacher.get(0));
    Feature s = pair.get(0);
    Feature t = pair.get(1);
    SDVariable guess = s.pixels();
    if (s.channels() != t.channels()) {
      guess = g.linear(guess, s.channels(), t.channels());
      guess = s.isMap() ? g.relu(g.batchNorm(guess, t.channels())) : guess;
    }
    SDVariable difference = guess.sub(t.pixels());
    return g.mean(difference.mul(difference));
  }
}
