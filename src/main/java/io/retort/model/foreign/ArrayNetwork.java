package io.retort.model.foreign;

import java.util.List;
import java.util.Map;
import org.nd4j.linalg.api.ndarray.INDArray;

/** A network that computes with ND4J's arrays. */
@FunctionalInterface
interface ArrayNetwork {

  /**
   * Every tensor that can be read, by name, for one batch; batch first, images channels first.
   *
   * @param inputs one array an input, batch first
   * @param wanted the names that matter; more may be given
   */
  Map<String, INDArray> run(List<INDArray> inputs, List<String> wanted);
}
