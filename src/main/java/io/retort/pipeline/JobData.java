package io.retort.pipeline;

import io.retort.dataset.Datasets;
import io.retort.dataset.PreparedDataset;
import io.retort.spec.Cancellation;
import io.retort.spec.DatasetSpec;
import io.retort.spec.EnsembleMember;
import io.retort.spec.JobSpec;
import io.retort.spec.SoftTargetsSpec;
import io.retort.spec.TeacherSpec;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A job's rows, and the soft targets that the same files hold.
 *
 * @param softTargets by the columns that hold them: the same rows in the same parts
 */
record JobData(PreparedDataset rows, Map<SoftTargetsSpec, PreparedDataset> softTargets) {

  static JobData prepare(Datasets datasets, JobSpec spec, Cancellation cancellation) {
    PreparedDataset rows = datasets.prepare(spec.dataset(), cancellation);
    List<SoftTargetsSpec> wanted = wanted(spec.teacher());
    if (wanted.isEmpty()) {
      return new JobData(rows, Map.of());
    }
    List<String> features = new ArrayList<>(rows.info().features());
    Map<SoftTargetsSpec, PreparedDataset> softTargets = new LinkedHashMap<>();
    for (SoftTargetsSpec targets : wanted) {
      check(targets, rows, spec.dataset());
      features.removeAll(targets.columns());
      softTargets.put(
          targets, datasets.prepare(with(spec.dataset(), targets.columns(), null), cancellation));
    }
    if (spec.dataset().features() != null) {
      return new JobData(rows, softTargets);
    }
    if (features.isEmpty()) {
      throw PipelineException.mismatch(
          "missing_column",
          "/teacher/softTargets/columns",
          "Every column of the dataset is a label or a soft target; no feature is left.");
    }
    DatasetSpec others = with(spec.dataset(), features, spec.dataset().shape());
    return new JobData(datasets.prepare(others, cancellation), softTargets);
  }

  private static List<SoftTargetsSpec> wanted(@Nullable TeacherSpec teacher) {
    List<SoftTargetsSpec> wanted = new ArrayList<>();
    if (teacher != null && teacher.softTargets() != null) {
      wanted.add(teacher.softTargets());
    }
    if (teacher != null && teacher.ensemble() != null) {
      for (EnsembleMember member : teacher.ensemble()) {
        wanted.addAll(wanted(member.teacher()));
      }
    }
    return wanted;
  }

  /** Features that were chosen in the spec may leave the soft targets out, but not contain them. */
  private static void check(SoftTargetsSpec targets, PreparedDataset rows, DatasetSpec spec) {
    for (String column : targets.columns()) {
      boolean there = rows.info().features().contains(column);
      if (spec.features() != null && there) {
        throw PipelineException.mismatch(
            "soft_target_is_feature",
            "/dataset/features",
            "The column `" + column + "` holds soft targets; it cannot be a feature too.");
      }
      if (spec.features() == null && !there) {
        throw PipelineException.mismatch(
            "missing_column",
            "/teacher/softTargets/columns",
            "The dataset has no column `" + column + "` to hold soft targets.");
      }
    }
  }

  private static DatasetSpec with(
      DatasetSpec spec, List<String> features, @Nullable List<Integer> shape) {
    return new DatasetSpec(
        spec.uri(),
        spec.format(),
        spec.label(),
        features,
        shape,
        spec.labels(),
        spec.standardize(),
        spec.split(),
        spec.validation(),
        spec.test());
  }
}
