package io.retort.evaluation;

import io.swagger.v3.oas.annotations.media.Schema;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How good a model's answers are on the test part.
 *
 * @param accuracy share of rows whose largest logit is their label's, 0..1
 * @param top5Accuracy share whose label is among the five largest; null with five classes or fewer
 * @param nll mean negative log-likelihood of the labels, in nats
 * @param ece expected calibration error over 15 equal-width bins of confidence, 0..1 (Guo et al.,
 *     2017)
 * @param confusion rows of true classes, columns of predicted ones
 * @param agreement share of rows with the teacher's prediction; null without a teacher
 * @param meanKl mean of KL(teacher || model) at temperature 1, in nats; null without a teacher
 */
@Schema(description = "How good a model's answers are on the test part.")
public record Quality(
    double accuracy,
    @Nullable Double top5Accuracy,
    double nll,
    double ece,
    List<ClassAccuracy> perClass,
    List<List<Integer>> confusion,
    @Nullable Double agreement,
    @Nullable Double meanKl) {

  /**
   * One class.
   *
   * @param accuracy share of this class's rows that were recognised; null where it has none
   */
  public record ClassAccuracy(String label, @Nullable Double accuracy, int rows) {}
}
