package io.retort.pipeline;

import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a run made.
 *
 * @param result everything that was measured, with its provenance; a record that Jackson writes
 * @param report the comparison that {@code GET /v1/jobs/{id}/report} answers; null for {@code
 *     train}
 * @param files the artifacts, lying in the work directory
 * @param models models to keep in the registry; their files are among {@code files} or beside them
 */
public record PipelineOutcome(
    Object result, @Nullable Object report, List<OutputFile> files, List<OutputModel> models) {

  public PipelineOutcome {
    files = List.copyOf(files);
    models = List.copyOf(models);
  }

  /** An artifact. */
  public record OutputFile(String name, String mediaType, Path path) {}

  /**
   * A model for the registry.
   *
   * @param role {@code teacher}, {@code student} or {@code twin}
   * @param path a model file as {@code model.ModelFiles} writes it
   */
  public record OutputModel(String role, String name, Path path) {}
}
