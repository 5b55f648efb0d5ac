package io.retort.pipeline;

import io.retort.dataset.PreparedDataset;
import io.retort.dataset.Split;
import io.retort.teacher.SoftTargets;
import io.swagger.v3.oas.annotations.media.Schema;
import java.nio.FloatBuffer;
import java.util.Map;

/**
 * The teacher on the validation part, before anything learns from it.
 *
 * @param accuracy share of rows whose label has the largest logit
 * @param chance share of the most frequent label: what a model that always says it would get
 * @param nearChance whether the accuracy lies less than a standard error above chance
 */
@Schema(
    description =
        "The teacher on the validation part, before training. A teacher near chance has most likely"
            + " its classes in another order, or wants other features.")
record TeacherCheck(double accuracy, double chance, boolean nearChance) {

  private static final double STANDARD_ERRORS = 1;

  static TeacherCheck of(SoftTargets logits, PreparedDataset data) {
    Split part = data.validation();
    int classes = logits.width();
    FloatBuffer row = FloatBuffer.allocate(classes);
    int[] position = new int[1];
    int[] counts = new int[classes];
    int right = 0;
    int most = 0;
    for (int r = 0; r < part.size(); r++) {
      position[0] = r;
      logits.gather(position, 0, 1, row);
      int label = part.label(r);
      most = Math.max(most, ++counts[label]);
      right += largest(row, classes) == label ? 1 : 0;
    }
    double n = part.size();
    double chance = most / n;
    double error = Math.sqrt(chance * (1 - chance) / n);
    double accuracy = right / n;
    return new TeacherCheck(accuracy, chance, accuracy < chance + STANDARD_ERRORS * error);
  }

  private static int largest(FloatBuffer row, int classes) {
    int best = 0;
    for (int c = 1; c < classes; c++) {
      best = row.get(c) > row.get(best) ? c : best;
    }
    return best;
  }

  void announce(PipelineContext context) {
    String figures =
        "The teacher is right on %.1f %% of the validation rows; always saying the most frequent class"
                .formatted(100 * accuracy)
            + " would be on %.1f %%.".formatted(100 * chance);
    context.event(
        nearChance ? PipelineContext.Level.WARNING : PipelineContext.Level.INFO,
        nearChance
            ? figures
                + " That is near chance: check the order of its classes (`teacher.classes`) and"
                + " whether it wants features on another scale."
            : figures,
        Map.of("accuracy", accuracy, "chance", chance));
  }
}
