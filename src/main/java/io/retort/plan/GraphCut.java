package io.retort.plan;

import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.nd4j.autodiff.samediff.SameDiff;

/**
 * Where a graph is cut, so that what depends on some inputs alone, the sources, is computed apart
 * from the rest: first row by row, which can be done once for all rows there are, then for each
 * batch.
 *
 * @param rows variables that the first part computes, or sources, from which the second follows
 * @param inputs variables that the second part computes, or those of the first or sources, from
 *     which the rest of the graph follows
 * @param shapes of both, by variable
 */
public record GraphCut(Set<String> rows, Set<String> inputs, Map<String, long[]> shapes) {

  /**
   * Finds the cut with as much before it as goes. What the first part computes is never larger than
   * the sources.
   *
   * @param sources placeholders, [batch, numbers]
   * @param changing constants that are set anew for each batch
   * @param wanted what the graph is to compute
   * @param batch rows of a batch
   */
  public static GraphCut of(
      SameDiff graph, Set<String> sources, Set<String> changing, Set<String> wanted, int batch) {
    return new GraphSlices(graph, sources, changing, wanted, batch).cut();
  }

  /** The same with nothing in the first part. */
  public GraphCut withoutRows(Set<String> sources) {
    return new GraphCut(sources, inputs, shapes);
  }

  /** Whether anything is left for the second part. */
  public boolean hasBatchPart() {
    return !rows.containsAll(inputs);
  }

  public long[] shape(String variable) {
    return Objects.requireNonNull(shapes.get(variable), variable);
  }

  /** Numbers of a variable, of the whole batch. */
  public long length(String variable) {
    long length = 1;
    for (long side : shape(variable)) {
      length *= side;
    }
    return length;
  }
}
