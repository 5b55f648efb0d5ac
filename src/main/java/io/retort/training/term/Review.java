package io.retort.training.term;

import java.util.ArrayList;
import java.util.List;
import org.nd4j.autodiff.samediff.SDVariable;

/**
 * Knowledge review (Chen et al., 2021). From the deepest stage upwards each map of the student is
 * fused with what the stages behind it gave, by trained attention, and compared with the teacher's
 * map of that stage: mean squared differences of the maps and of their averages over 4, 2 and 1
 * windows a side, weighted 1, 1/2, 1/4, 1/8 and divided by the sum of weights; sizes of 1 to 1 or
 * more windows are left out, as published.
 */
final class Review implements Term {

  private static final int[] WINDOWS = {4, 2, 1};
  private static final int MOST_WIDTH = 512;

  @Override
  public SDVariable loss(TermGraph g, List<Feature> student, List<Feature> teacher) {
    int middle =
        Math.min(MOST_WIDTH, teacher.stream().mapToInt(Feature::channels).max().orElseThrow());
    SDVariable total = g.number(0, 2);
    Feature behind = null;
    for (int i = student.size() - 1; i >= 0; i--) {
      Feature s = student.get(i);
      Feature t = teacher.get(i).pooledTo(s.height(), s.width());
      SDVariable fused = g.batchNorm(g.linear(s.pixels(), s.channels(), middle), middle);
      if (behind != null) {
        fused = fuse(g, fused, enlarged(g, behind, s), middle);
      }
      behind = Feature.channelsLast(g, fused, shape(middle, s));
      SDVariable images = fused.reshape(g.batch(), s.height(), s.width(), middle);
      SDVariable out =
          g.convolution(images, middle, t.channels())
              .reshape((long) g.batch() * s.positions(), t.channels());
      Feature guess =
          Feature.channelsLast(g, g.batchNorm(out, t.channels()), shape(t.channels(), s));
      total = total.add(pyramid(g, guess, t));
    }
    return total;
  }

  private static List<Integer> shape(int channels, Feature like) {
    return List.of(channels, like.height(), like.width());
  }

  private static SDVariable enlarged(TermGraph g, Feature behind, Feature like) {
    double[][] weights =
        Resampling.enlarging(behind.height(), behind.width(), like.height(), like.width());
    SDVariable maps = g.resampled(behind.maps(), behind.channels(), weights);
    return Feature.channelsFirst(g, maps, shape(behind.channels(), like)).pixels();
  }

  /** Both weighted position by position, with weights that are read from both. */
  private static SDVariable fuse(TermGraph g, SDVariable x, SDVariable y, int width) {
    SDVariable own = g.graph().nn.sigmoid(g.linear(x, width, 1).add(g.linear(y, width, 1)));
    SDVariable other = g.graph().nn.sigmoid(g.linear(x, width, 1).add(g.linear(y, width, 1)));
    return x.mul(own).add(y.mul(other));
  }

  private static SDVariable pyramid(TermGraph g, Feature s, Feature t) {
    List<SDVariable> losses = new ArrayList<>(List.of(distance(g, s, t)));
    double weight = 1;
    double weights = 1;
    for (int n : WINDOWS) {
      if (n < Math.max(s.height(), s.width())) {
        weight /= 2;
        weights += weight;
        int h = Math.min(n, s.height());
        int w = Math.min(n, s.width());
        SDVariable coarse = distance(g, s.pooledTo(h, w), t.pooledTo(h, w));
        losses.add(coarse.mul(g.number(weight, 2)));
      }
    }
    SDVariable sum = losses.stream().reduce(SDVariable::add).orElseThrow();
    return sum.mul(g.number(1 / weights, 2));
  }

  private static SDVariable distance(TermGraph g, Feature s, Feature t) {
    SDVariable difference = s.maps().sub(t.maps());
    return g.mean(difference.mul(difference));
  }
}
