package io.retort.training.term;

import java.util.List;
import org.nd4j.autodiff.samediff.SDVariable;

/**
 * One method of distillation over tensors of student and teacher. It builds its loss as a graph,
 * which is differentiated and captured; what it trains itself it asks the graph for.
 */
interface Term {

  /**
   * Adds the loss of a batch to the graph, before its weight.
   *
   * @param student tensors of the student, as many as {@code teacher}
   * @param teacher tensors of the teacher, which are constants
   * @return [1, 1]
   */
  SDVariable loss(TermGraph graph, List<Feature> student, List<Feature> teacher);
}
