package io.retort.registry;

import io.retort.model.ModelFormat;
import io.retort.web.AnswersRanges;
import io.retort.web.Api;
import io.retort.web.CursorPage;
import io.retort.web.Download;
import io.retort.web.MayFail;
import io.retort.web.RequiresScope;
import io.retort.web.Scope;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.Parameter;
import io.swagger.v3.oas.annotations.media.Content;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.parameters.RequestBody;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import io.swagger.v3.oas.annotations.tags.Tag;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import java.net.URI;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.core.io.Resource;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RequestPart;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.context.request.ServletWebRequest;
import org.springframework.web.multipart.MultipartFile;

@Api
@RequestMapping("/v1/models")
@Tag(name = "Models", description = "Models that jobs made, and uploaded ones.")
class ModelController {

  private final Uploads uploads;
  private final Models models;

  ModelController(Uploads uploads, Models models) {
    this.uploads = uploads;
    this.models = models;
  }

  @PostMapping(
      consumes = MediaType.MULTIPART_FORM_DATA_VALUE,
      produces = MediaType.APPLICATION_JSON_VALUE)
  @ResponseStatus(HttpStatus.CREATED)
  @RequiresScope(Scope.MODELS_WRITE)
  @Operation(
      operationId = "uploadModel",
      summary = "Upload a model",
      description =
          "A job's `student.zip` or `teacher.zip`, or another framework's model; the format is told"
              + " by the content. The file is looked into in a process of its own.",
      requestBody =
          @RequestBody(
              required = true,
              content =
                  @Content(
                      mediaType = MediaType.MULTIPART_FORM_DATA_VALUE,
                      schema = @Schema(implementation = UploadForm.class))))
  @MayFail({400, 413, 415, 422, 503})
  ResponseEntity<ModelView> upload(
      @Parameter(hidden = true) @RequestPart MultipartFile file,
      @Parameter(hidden = true) @RequestParam(required = false) @Nullable String name) {
    ModelView model = uploads.model(file, name);
    return ResponseEntity.created(URI.create("/v1/models/" + model.id())).body(model);
  }

  @GetMapping(produces = MediaType.APPLICATION_JSON_VALUE)
  @RequiresScope(Scope.MODELS_READ)
  @Operation(operationId = "listModels", summary = "List models", description = "Newest first.")
  @MayFail({400, 503})
  CursorPage<ModelView> list(
      @RequestParam(defaultValue = "20") @Min(1) @Max(100) int limit,
      @Parameter(description = "`nextCursor` of the page before") @RequestParam(required = false)
          @Nullable UUID after) {
    return models.page(limit, after);
  }

  @GetMapping(path = "/{id}", produces = MediaType.APPLICATION_JSON_VALUE)
  @RequiresScope(Scope.MODELS_READ)
  @Operation(operationId = "getModel", summary = "Get a model")
  @MayFail({400, 404, 503})
  ModelView get(@PathVariable UUID id) {
    return models.find(id);
  }

  @GetMapping("/{id}/content")
  @RequiresScope(Scope.MODELS_READ)
  @Operation(
      operationId = "downloadModel",
      summary = "Download a model",
      description = "The `ETag` is the file's SHA-256; `Range` and `If-None-Match` are understood.")
  @ApiResponse(
      responseCode = "200",
      description = "The file",
      content =
          @Content(
              mediaType = MediaType.APPLICATION_OCTET_STREAM_VALUE,
              schema = @Schema(type = "string", format = "binary")))
  @AnswersRanges
  @MayFail({400, 404, 503})
  @Nullable ResponseEntity<Resource> download(
      @PathVariable UUID id, @Parameter(hidden = true) ServletWebRequest request) {
    ModelView model = models.find(id);
    return new Download(
            models.content(model),
            id + ending(model.format()),
            "application/octet-stream",
            model.sha256())
        .answer(request);
  }

  @DeleteMapping(path = "/{id}", produces = MediaType.ALL_VALUE)
  @ResponseStatus(HttpStatus.NO_CONTENT)
  @RequiresScope(Scope.MODELS_WRITE)
  @Operation(
      operationId = "deleteModel",
      summary = "Delete a model",
      description = "Refused while a job that has not ended uses it.")
  @MayFail({400, 404, 409, 503})
  void delete(@PathVariable UUID id) {
    models.delete(id);
  }

  private static String ending(ModelFormat format) {
    return switch (format) {
      case RETORT, DL4J -> ".zip";
      case ONNX -> ".onnx";
      case SAMEDIFF -> ".fb";
      case KERAS_H5 -> ".h5";
      case KERAS -> ".keras";
    };
  }
}
