package io.retort.training.term;

import io.retort.spec.FeatureTerm;
import io.retort.spec.RelationTerm;
import io.retort.spec.TermSpec;
import java.util.List;
import java.util.Objects;
import org.nd4j.autodiff.samediff.SDVariable;

/** From what a job says to the graph of a term. */
public final class Terms {

  private Terms() {}

  /**
   * Adds a term to a graph.
   *
   * @param name prefix of what it trains and asks for
   * @return its loss, [1, 1], before its weight
   */
  public static SDVariable add(
      TermSpec spec, String name, TermGraph graph, List<Feature> student, List<Feature> teacher) {
    graph.scope(name);
    return of(spec).loss(graph, student, teacher);
  }

  private static Term of(TermSpec spec) {
    if (spec instanceof RelationTerm.RkdDistance) {
      return new RkdDistance();
    } else if (spec instanceof RelationTerm.RkdAngle) {
      return new RkdAngle();
    } else if (spec instanceof RelationTerm.Similarity) {
      return new Similarity();
    } else if (spec instanceof RelationTerm.Pkt) {
      return new Pkt();
    } else if (spec instanceof RelationTerm.Correlation t) {
      return new Correlation(t.width());
    } else if (spec instanceof RelationTerm.Contrast t) {
      int negatives = Objects.requireNonNull(t.negatives(), "resolved before training");
      return new Contrast(t.temperature(), t.width(), negatives);
    } else if (spec instanceof FeatureTerm.Hint) {
      return new Hint();
    } else if (spec instanceof FeatureTerm.AttentionTransfer) {
      return new AttentionTransfer();
    } else if (spec instanceof FeatureTerm.NeuronSelectivity) {
      return new NeuronSelectivity();
    } else if (spec instanceof FeatureTerm.VariationalInformation) {
      return new VariationalInformation();
    } else if (spec instanceof FeatureTerm.FactorTransfer t) {
      return new FactorTransfer(t.rate());
    } else if (spec instanceof FeatureTerm.Flow) {
      return new Flow();
    } else if (spec instanceof FeatureTerm.ActivationBoundaries t) {
      return new ActivationBoundaries(t.margin());
    } else if (spec instanceof FeatureTerm.Review) {
      return new Review();
    }
    throw new IllegalArgumentException("no graph for " + spec);
  }
}
