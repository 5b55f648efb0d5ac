package io.retort.job.web;

import io.retort.artifact.Artifact;
import io.retort.artifact.Artifacts;
import io.retort.artifact.ContentStore;
import io.retort.job.JobDesk;
import io.retort.web.AnswersRanges;
import io.retort.web.Api;
import io.retort.web.CursorPage;
import io.retort.web.Download;
import io.retort.web.MayFail;
import io.retort.web.MissingException;
import io.retort.web.RequiresScope;
import io.retort.web.Scope;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.Parameter;
import io.swagger.v3.oas.annotations.media.Content;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import io.swagger.v3.oas.annotations.tags.Tag;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.core.io.Resource;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.context.request.ServletWebRequest;

@Api
@RequestMapping("/v1/jobs/{id}/artifacts")
@Tag(name = "Jobs")
class ArtifactController {

  private final JobDesk desk;
  private final Artifacts artifacts;
  private final ContentStore contents;

  ArtifactController(JobDesk desk, Artifacts artifacts, ContentStore contents) {
    this.desk = desk;
    this.artifacts = artifacts;
    this.contents = contents;
  }

  @GetMapping(produces = MediaType.APPLICATION_JSON_VALUE)
  @RequiresScope(Scope.JOBS_READ)
  @Operation(
      operationId = "listJobArtifacts",
      summary = "List a job's files",
      description = "All at once, by name; empty until the job has succeeded.")
  @MayFail({400, 404, 503})
  CursorPage<Artifact> list(@PathVariable UUID id) {
    desk.find(id);
    return new CursorPage<>(artifacts.of(id), false, null);
  }

  @GetMapping("/{name}")
  @RequiresScope(Scope.JOBS_READ)
  @Operation(
      operationId = "downloadJobArtifact",
      summary = "Download a job's file",
      description = "The `ETag` is the file's SHA-256; `Range` and `If-None-Match` are understood.")
  @ApiResponse(
      responseCode = "200",
      description = "The file",
      content = {
        @Content(
            mediaType = MediaType.APPLICATION_OCTET_STREAM_VALUE,
            schema = @Schema(type = "string", format = "binary")),
        @Content(
            mediaType = "application/zip",
            schema = @Schema(type = "string", format = "binary")),
        @Content(mediaType = "text/csv", schema = @Schema(type = "string")),
        @Content(mediaType = MediaType.TEXT_MARKDOWN_VALUE, schema = @Schema(type = "string")),
        @Content(mediaType = MediaType.APPLICATION_JSON_VALUE)
      })
  @AnswersRanges
  @MayFail({400, 404, 503})
  @Nullable ResponseEntity<Resource> download(
      @PathVariable UUID id,
      @Parameter(example = "student.zip") @PathVariable String name,
      @Parameter(hidden = true) ServletWebRequest request) {
    desk.find(id);
    Artifact artifact =
        artifacts.find(id, name).orElseThrow(() -> new MissingException("artifact", name));
    return new Download(
            contents.open(artifact.sha256()), name, artifact.mediaType(), artifact.sha256())
        .answer(request);
  }
}
