package io.retort.pipeline;

import io.retort.dataset.Datasets;
import io.retort.dataset.GivenRows;
import io.retort.dataset.PreparedDataset;
import io.retort.spec.Cancellation;
import io.retort.spec.DatasetSpec;
import io.retort.spec.JobSpec;
import io.retort.spec.SoftTargetsSpec;
import io.retort.spec.TeacherSpec;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A job's rows, and the soft targets that the same files hold, or others beside them.
 *
 * @param softTargets as the teacher's spec names them
 */
record JobData(PreparedDataset rows, Map<SoftTargetsSpec, GivenRows> softTargets) {

  static JobData prepare(Datasets datasets, JobSpec spec, Cancellation cancellation) {
    PreparedDataset rows = datasets.prepare(spec.dataset(), cancellation);
    Map<String, SoftTargetsSpec> wanted = new LinkedHashMap<>();
    collect(spec.teacher(), "/teacher", wanted);
    List<String> features = new ArrayList<>(rows.info().features());
    Map<SoftTargetsSpec, GivenRows> softTargets = new LinkedHashMap<>();
    for (Map.Entry<String, SoftTargetsSpec> entry : wanted.entrySet()) {
      SoftTargetsSpec targets = entry.getValue();
      List<String> columns = targets.columns();
      if (columns == null) {
        softTargets.put(
            targets, datasets.beside(spec.dataset(), targets, entry.getKey(), cancellation));
        continue;
      }
      check(columns, rows, spec.dataset(), entry.getKey());
      features.removeAll(columns);
      softTargets.put(
          targets,
          GivenRows.of(datasets.prepare(with(spec.dataset(), columns, null), cancellation)));
    }
    if (spec.dataset().features() != null || features.size() == rows.info().features().size()) {
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

  /**
   * @param into by their pointers
   */
  private static void collect(
      @Nullable TeacherSpec teacher, String pointer, Map<String, SoftTargetsSpec> into) {
    if (teacher == null) {
      return;
    }
    if (teacher.softTargets() != null) {
      into.put(pointer + "/softTargets", teacher.softTargets());
    }
    if (teacher.ensemble() != null) {
      for (int i = 0; i < teacher.ensemble().size(); i++) {
        collect(teacher.ensemble().get(i).teacher(), pointer + "/ensemble/" + i + "/teacher", into);
      }
    }
  }

  /** Whether columns of the dataset hold soft targets and are no features therefore. */
  boolean holdsSoftTargets() {
    return softTargets.keySet().stream().anyMatch(targets -> targets.columns() != null);
  }

  /** Features that were chosen in the spec may leave the soft targets out, but not contain them. */
  private static void check(
      List<String> columns, PreparedDataset rows, DatasetSpec spec, String pointer) {
    for (String column : columns) {
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
            pointer + "/columns",
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
