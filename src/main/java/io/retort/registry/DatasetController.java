package io.retort.registry;

import io.retort.dataset.DatasetPreview;
import io.retort.dataset.Datasets;
import io.retort.spec.Cancellation;
import io.retort.spec.DataFormat;
import io.retort.spec.DatasetSpec;
import io.retort.spec.SplitSpec;
import io.retort.web.Api;
import io.retort.web.CursorPage;
import io.retort.web.MayFail;
import io.retort.web.RequestException;
import io.retort.web.RequiresScope;
import io.retort.web.Scope;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.Parameter;
import io.swagger.v3.oas.annotations.media.Content;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.parameters.RequestBody;
import io.swagger.v3.oas.annotations.tags.Tag;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import java.net.URI;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
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
import org.springframework.web.multipart.MultipartFile;

@Api
@RequestMapping(path = "/v1/datasets", produces = MediaType.APPLICATION_JSON_VALUE)
@Tag(name = "Datasets", description = "Upload datasets and look into them.")
class DatasetController {

  /** A preview does not split; a dataset is described with a split all the same. */
  private static final SplitSpec WHOLE = new SplitSpec(0.1, 0.2, 7L);

  private final Uploads uploads;
  private final UploadedFiles datasets;
  private final Datasets reader;

  DatasetController(Uploads uploads, UploadedFiles datasets, Datasets reader) {
    this.uploads = uploads;
    this.datasets = datasets;
    this.reader = reader;
  }

  @PostMapping(consumes = MediaType.MULTIPART_FORM_DATA_VALUE)
  @ResponseStatus(HttpStatus.CREATED)
  @RequiresScope(Scope.DATASETS_WRITE)
  @Operation(
      operationId = "uploadDataset",
      summary = "Upload a dataset",
      description = "CSV, Parquet, JSON Lines, NPY, NPZ or IDX, also gzipped.",
      requestBody =
          @RequestBody(
              required = true,
              content =
                  @Content(
                      mediaType = MediaType.MULTIPART_FORM_DATA_VALUE,
                      schema = @Schema(implementation = UploadForm.class))))
  @MayFail({400, 413, 415, 422, 503})
  ResponseEntity<DatasetView> upload(
      @Parameter(hidden = true) @RequestPart MultipartFile file,
      @Parameter(hidden = true) @RequestParam(required = false) @Nullable String name) {
    DatasetView dataset = uploads.dataset(file, name);
    return ResponseEntity.created(URI.create("/v1/datasets/" + dataset.id())).body(dataset);
  }

  @GetMapping
  @RequiresScope(Scope.DATASETS_READ)
  @Operation(
      operationId = "listDatasets",
      summary = "List uploaded datasets",
      description = "Newest first.")
  @MayFail({400, 503})
  CursorPage<DatasetView> list(
      @RequestParam(defaultValue = "20") @Min(1) @Max(100) int limit,
      @Parameter(description = "`nextCursor` of the page before") @RequestParam(required = false)
          @Nullable UUID after) {
    return datasets.page(limit, after);
  }

  @GetMapping("/{id}")
  @RequiresScope(Scope.DATASETS_READ)
  @Operation(operationId = "getDataset", summary = "Get an uploaded dataset")
  @MayFail({400, 404, 503})
  DatasetView get(@PathVariable UUID id) {
    return datasets.find(id);
  }

  @GetMapping("/{id}/preview")
  @RequiresScope(Scope.DATASETS_READ)
  @Operation(
      operationId = "previewDataset",
      summary = "Look into a dataset",
      description = "Its schema, its classes and its first rows, read as a job would read it.")
  @MayFail({400, 404, 422, 503})
  DatasetPreview preview(
      @PathVariable UUID id,
      @RequestParam(defaultValue = "10") @Min(1) @Max(100) int rows,
      @Parameter(description = "The label's column") @RequestParam(defaultValue = "label")
          String label,
      @RequestParam(defaultValue = "auto") DataFormat format,
      @Parameter(description = "Shape of one row, channels first", example = "1,28,28")
          @RequestParam(required = false)
          @Nullable List<Integer> shape,
      @Parameter(description = "URI of the labels, for IDX and NPY", example = "dataset:0199...")
          @RequestParam(required = false)
          @Nullable String labels) {
    DatasetView dataset = datasets.find(id);
    if (shape != null && (shape.size() > 3 || shape.stream().anyMatch(n -> n < 1))) {
      throw RequestException.parameter(
          "shape", shape.toString(), "one to three whole numbers above 0");
    }
    return reader.preview(
        new DatasetSpec(
            "dataset:" + dataset.id(),
            format,
            label,
            null,
            shape,
            labels,
            false,
            WHOLE,
            null,
            null),
        rows,
        Cancellation.NONE);
  }

  @DeleteMapping(path = "/{id}", produces = MediaType.ALL_VALUE)
  @ResponseStatus(HttpStatus.NO_CONTENT)
  @RequiresScope(Scope.DATASETS_WRITE)
  @Operation(
      operationId = "deleteDataset",
      summary = "Delete an uploaded dataset",
      description = "Refused while a job that has not ended uses it.")
  @MayFail({400, 404, 409, 503})
  void delete(@PathVariable UUID id) {
    datasets.delete(id);
  }
}
