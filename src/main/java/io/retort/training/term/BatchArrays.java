package io.retort.training.term;

/** What a term's graph is given and shows for one batch size, by the name that the term chose. */
public interface BatchArrays {

  int batch();

  /**
   * Sets a tensor that the graph was given.
   *
   * @param values row-major; from the first, as many as the tensor has
   */
  void write(String name, float[] values);

  /** Reads a tensor that the graph shows, after a run; likewise. */
  void read(String name, float[] into);
}
