package io.retort.evaluation;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.IntUnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * One pass over a model's logits on labelled rows.
 *
 * @param quality the figures
 * @param correct for each row whether the model was right; what paired tests compare
 */
public record Measurement(Quality quality, boolean[] correct) {

  private static final int TOP = 5;

  /**
   * Measures a model.
   *
   * @param labels the class of each row
   * @param classes class names in the order of the logits
   * @param teacher the teacher's logits of the same rows; null where there is none
   */
  public static Measurement of(
      LogitRows logits,
      IntUnaryOperator labels,
      List<String> classes,
      @Nullable LogitRows teacher) {
    if (logits.classes() != classes.size()) {
      throw new IllegalArgumentException(
          logits.classes() + " logits a row, but " + classes.size() + " classes");
    }
    if (teacher != null && teacher.rows() != logits.rows()) {
      throw new IllegalArgumentException(
          "the teacher has " + teacher.rows() + " rows, the model " + logits.rows());
    }
    Pass pass = new Pass(logits, classes, teacher);
    for (int row = 0; row < logits.rows(); row++) {
      pass.row(row, labels.applyAsInt(row));
    }
    return pass.result();
  }

  private static final class Pass {
    private final LogitRows logits;
    private final List<String> classes;
    private final @Nullable LogitRows teacher;
    private final float[] z;
    private final float[] tz;
    private final double[] logP;
    private final double[] logQ;
    private final int[][] confusion;
    private final boolean[] correct;
    private final CalibrationError calibration = new CalibrationError();
    private double nll;
    private double kl;
    private int inTop;
    private int agreeing;

    Pass(LogitRows logits, List<String> classes, @Nullable LogitRows teacher) {
      this.logits = logits;
      this.classes = classes;
      this.teacher = teacher;
      int c = classes.size();
      z = new float[c];
      tz = new float[c];
      logP = new double[c];
      logQ = new double[c];
      confusion = new int[c][c];
      correct = new boolean[logits.rows()];
    }

    void row(int row, int label) {
      logits.read(row, z);
      Softmax.logProbabilities(z, logP);
      int predicted = Softmax.largest(z);
      correct[row] = predicted == label;
      confusion[label][predicted]++;
      nll -= logP[label];
      calibration.add(Math.exp(logP[predicted]), correct[row]);
      inTop += rank(label) < TOP ? 1 : 0;
      if (teacher != null) {
        teacher.read(row, tz);
        agreeing += Softmax.largest(tz) == predicted ? 1 : 0;
        Softmax.logProbabilities(tz, logQ);
        kl += divergence();
      }
    }

    /** How many classes come before this one. */
    private int rank(int label) {
      int before = 0;
      for (int c = 0; c < z.length; c++) {
        before += z[c] > z[label] || (z[c] == z[label] && c < label) ? 1 : 0;
      }
      return before;
    }

    private double divergence() {
      double sum = 0;
      for (int c = 0; c < logQ.length; c++) {
        double q = Math.exp(logQ[c]);
        // q log q tends to 0 with q
        sum += q == 0 ? 0 : q * (logQ[c] - logP[c]);
      }
      return sum;
    }

    Measurement result() {
      double n = correct.length;
      int right = 0;
      List<Quality.ClassAccuracy> perClass = new ArrayList<>();
      List<List<Integer>> table = new ArrayList<>();
      for (int c = 0; c < classes.size(); c++) {
        int rows = Arrays.stream(confusion[c]).sum();
        right += confusion[c][c];
        Double accuracy = rows == 0 ? null : confusion[c][c] / (double) rows;
        perClass.add(new Quality.ClassAccuracy(classes.get(c), accuracy, rows));
        table.add(Arrays.stream(confusion[c]).boxed().toList());
      }
      return new Measurement(
          new Quality(
              right / n,
              classes.size() > TOP ? inTop / n : null,
              nll / n,
              calibration.value(),
              perClass,
              table,
              teacher == null ? null : agreeing / n,
              teacher == null ? null : kl / n),
          correct);
    }
  }
}
