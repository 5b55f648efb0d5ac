package io.retort.training;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * All that a training has become, by name: what takes part in it puts its state in, and finds it
 * again. Where the training goes on from there it ends as if it had never been interrupted.
 */
final class Checkpoint {

  private final Map<String, float[]> vectors;
  private final Map<String, Double> numbers;
  private final List<EpochMetrics> history;

  Checkpoint() {
    this(new HashMap<>(), new HashMap<>(), new ArrayList<>());
  }

  Checkpoint(
      Map<String, float[]> vectors, Map<String, Double> numbers, List<EpochMetrics> history) {
    this.vectors = vectors;
    this.numbers = numbers;
    this.history = history;
  }

  /** Not copied, so it must not change before the checkpoint was written. */
  void put(String name, float[] vector) {
    vectors.put(name, vector);
  }

  /** Counts are exact up to 2^53. */
  void put(String name, double number) {
    numbers.put(name, number);
  }

  /**
   * Fills a vector.
   *
   * @throws IllegalStateException where the checkpoint has none of this name and length
   */
  void read(String name, float[] into) {
    float[] found = vectors.get(name);
    if (found == null || found.length != into.length) {
      throw new IllegalStateException(
          "the checkpoint has no vector %s of %d".formatted(name, into.length));
    }
    System.arraycopy(found, 0, into, 0, found.length);
  }

  double number(String name) {
    Double found = numbers.get(name);
    if (found == null) {
      throw new IllegalStateException("the checkpoint has no number " + name);
    }
    return found;
  }

  /** Takes in what a part put into a checkpoint of its own, under a prefix. */
  void put(String prefix, Checkpoint part) {
    part.vectors.forEach((name, vector) -> vectors.put(prefix + name, vector));
    part.numbers.forEach((name, number) -> numbers.put(prefix + name, number));
  }

  /** What was put under a prefix, as a checkpoint of its own. */
  Checkpoint part(String prefix) {
    Checkpoint part = new Checkpoint();
    vectors.forEach(
        (name, vector) -> {
          if (name.startsWith(prefix)) {
            part.put(name.substring(prefix.length()), vector);
          }
        });
    numbers.forEach(
        (name, number) -> {
          if (name.startsWith(prefix)) {
            part.put(name.substring(prefix.length()), number);
          }
        });
    return part;
  }

  Map<String, float[]> vectors() {
    return vectors;
  }

  Map<String, Double> numbers() {
    return numbers;
  }

  /** The epochs that were done, in order. */
  List<EpochMetrics> history() {
    return history;
  }
}
