package io.retort.training.term;

import java.util.Map;
import org.nd4j.linalg.api.ndarray.INDArray;

/** What a term does around a step besides its graph, as one with a memory of earlier rows must. */
public interface StepHook {

  /**
   * Fills inputs of the term's own.
   *
   * @param rows positions of the batch's rows in the training part
   * @param arrays by variable
   */
  void before(int[] rows, Map<String, INDArray> arrays);

  /** Takes in what the step computed. */
  void after(int[] rows, Map<String, INDArray> arrays);
}
