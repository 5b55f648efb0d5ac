package io.retort.training.term;

import io.retort.dataset.Split;
import io.retort.spec.RelationTerm;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.SplittableRandom;

/**
 * What {@link Contrast} remembers of all rows over a training, by either network; before each batch
 * it gives the graph the part that the batch needs, and learns from it afterwards.
 */
public final class ContrastMemory {

  static final String STUDENT = "student";
  static final String TEACHER = "teacher";
  static final String DRAWN = "drawn";

  private final RelationTerm.Contrast spec;
  private final int perRow;
  private final Negatives negatives;
  private final RememberedRows student;
  private final RememberedRows teacher;

  /**
   * @param spec its number of negatives known
   * @param rows that are trained on
   * @param random of the initial memory
   */
  public ContrastMemory(RelationTerm.Contrast spec, Split rows, SplittableRandom random) {
    this.spec = spec;
    this.perRow = Objects.requireNonNull(spec.negatives(), "resolved before training");
    this.negatives = new Negatives(perRow, rows);
    this.student = new RememberedRows(STUDENT, rows.size(), spec.width(), random);
    this.teacher = new RememberedRows(TEACHER, rows.size(), spec.width(), random);
  }

  /**
   * Draws the negatives of a batch and gives its graph what is remembered.
   *
   * @param order positions of rows; the batch's begin at {@code from}
   */
  public void give(int[] order, int from, SplittableRandom random, BatchArrays batch) {
    negatives.draw(order, from, batch.batch(), random);
    batch.write(DRAWN, negatives.drawn());
    student.give(order, from, negatives.candidates(), perRow, batch);
    teacher.give(order, from, negatives.candidates(), perRow, batch);
  }

  /**
   * Settles the constants of both sides on the first batch of all, after it was run.
   *
   * @return whether the batch must run again, as its loss was without them
   */
  public boolean settle(BatchArrays batch) {
    if (student.constant()[0] != 0) {
      return false;
    }
    float[] drawn = negatives.drawn();
    teacher.settle(seen(STUDENT, batch), drawn, spec.temperature(), perRow, batch);
    student.settle(seen(TEACHER, batch), drawn, spec.temperature(), perRow, batch);
    return true;
  }

  private float[] seen(String by, BatchArrays batch) {
    float[] embeddings = new float[batch.batch() * spec.width()];
    batch.read(by, embeddings);
    return embeddings;
  }

  /** Remembers what the batch that was run showed of its rows. */
  public void learn(int[] order, int from, BatchArrays batch) {
    student.learn(seen(STUDENT, batch), order, from, spec.momentum());
    teacher.learn(seen(TEACHER, batch), order, from, spec.momentum());
  }

  /** Everything that changes, by name: the arrays themselves, to be kept and filled again. */
  public Map<String, float[]> state() {
    Map<String, float[]> state = new LinkedHashMap<>();
    state.put("student", student.rows());
    state.put("teacher", teacher.rows());
    state.put("student.constant", student.constant());
    state.put("teacher.constant", teacher.constant());
    return state;
  }
}
