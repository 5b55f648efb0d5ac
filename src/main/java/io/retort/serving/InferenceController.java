package io.retort.serving;

import io.retort.model.StoredModel;
import io.retort.registry.Models;
import io.retort.spec.RetortException;
import io.retort.spec.SpecReader;
import io.retort.web.Api;
import io.retort.web.JsonBody;
import io.retort.web.MayFail;
import io.retort.web.Problems;
import io.retort.web.RequiresScope;
import io.retort.web.Scope;
import io.swagger.v3.oas.annotations.Hidden;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.Parameter;
import io.swagger.v3.oas.annotations.media.Content;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.parameters.RequestBody;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import io.swagger.v3.oas.annotations.tags.Tag;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.Locale;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.info.BuildProperties;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.ExceptionHandler;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import tools.jackson.databind.JsonNode;

/** The Open Inference Protocol v2 (KServe, Triton) over JSON. */
@Api
@RequestMapping(path = "/v2", produces = MediaType.APPLICATION_JSON_VALUE)
@Tag(
    name = "Inference",
    description = "Any model of the registry answers here, by the Open Inference Protocol v2.")
@ApiResponse(responseCode = "200", description = "The answer")
class InferenceController {

  private static final int MAX_BODY = 32 << 20;

  private final Models models;
  private final OpenModels open;
  private final ServingSettings settings;
  private final String version;

  InferenceController(
      Models models,
      OpenModels open,
      ServingSettings settings,
      ObjectProvider<BuildProperties> build) {
    this.models = models;
    this.open = open;
    this.settings = settings;
    BuildProperties facts = build.getIfAvailable();
    String known = facts == null ? null : facts.getVersion();
    this.version = known == null ? "development" : known;
  }

  @GetMapping
  @RequiresScope(Scope.MODELS_READ)
  @Operation(operationId = "inferenceServer", summary = "What answers here")
  @MayFail({503})
  Answers.Server server() {
    return new Answers.Server("retort", version, List.of());
  }

  @GetMapping("/health/live")
  @RequiresScope(Scope.MODELS_READ)
  @Operation(operationId = "inferenceLive", summary = "Whether the server runs")
  @MayFail({503})
  Answers.Live live() {
    return new Answers.Live(true);
  }

  @GetMapping("/health/ready")
  @RequiresScope(Scope.MODELS_READ)
  @Operation(operationId = "inferenceReady", summary = "Whether the server answers")
  @MayFail({503})
  Answers.Ready ready() {
    return new Answers.Ready(true);
  }

  @GetMapping("/models/{name}")
  @RequiresScope(Scope.MODELS_READ)
  @Operation(
      operationId = "inferenceModel",
      summary = "A model's inputs and outputs",
      description = "By id, or by name where no other model has it. Opens the model.")
  @FailsAsProtocol
  Answers.ModelMetadata model(@PathVariable String name) {
    StoredModel stored = models.named(name);
    return open.with(
        stored,
        served ->
            new Answers.ModelMetadata(
                name,
                List.of(stored.sha256()),
                "retort_" + stored.info().format().name().toLowerCase(Locale.ROOT),
                List.of(tensor(InferRequest.FEATURES, served.columns())),
                List.of(
                    tensor(InferRequest.LOGITS, served.classes().size()),
                    tensor(InferRequest.PROBABILITIES, served.classes().size())),
                new Answers.ModelParameters(served.classes())));
  }

  private static Answers.TensorMetadata tensor(String name, int width) {
    return new Answers.TensorMetadata(name, "FP32", List.of(-1L, (long) width));
  }

  @GetMapping("/models/{name}/ready")
  @RequiresScope(Scope.MODELS_READ)
  @Operation(operationId = "inferenceModelReady", summary = "Whether a model can answer")
  @FailsAsProtocol
  Answers.ModelReady modelReady(@PathVariable String name) {
    StoredModel stored = models.named(name);
    return open.with(stored, served -> new Answers.ModelReady(name, true));
  }

  @PostMapping(path = "/models/{name}/infer", consumes = MediaType.APPLICATION_JSON_VALUE)
  @RequiresScope(Scope.MODELS_READ)
  @Operation(
      operationId = "infer",
      summary = "Let a model answer",
      description =
          "Raw features in, as the model's dataset had them; logits and probabilities out, classes"
              + " in the order that the model's metadata says.",
      requestBody =
          @RequestBody(
              required = true,
              content =
                  @Content(
                      mediaType = MediaType.APPLICATION_JSON_VALUE,
                      schema = @Schema(implementation = InferenceForm.class))))
  @FailsAsProtocol
  @MayFail({413, 415})
  Answers.Inference infer(@PathVariable String name, @Parameter(hidden = true) InputStream body)
      throws IOException {
    StoredModel stored = models.named(name);
    JsonNode posted = SpecReader.parseNumbers(JsonBody.read(body, MAX_BODY));
    return open.with(
        stored,
        served ->
            answer(
                name,
                stored.sha256(),
                served,
                InferRequest.of(posted, served.shape(), settings.maxRows())));
  }

  private static Answers.Inference answer(
      String name, String version, ServedModel served, InferRequest request) {
    int classes = served.classes().size();
    float[] logits = served.logits(request.features(), request.rows());
    List<Answers.Tensor> outputs =
        request.outputs().stream()
            .map(
                output ->
                    new Answers.Tensor(
                        output,
                        "FP32",
                        List.of((long) request.rows(), (long) classes),
                        output.equals(InferRequest.LOGITS)
                            ? logits
                            : ServedModel.probabilities(logits, classes)))
            .toList();
    return new Answers.Inference(name, version, request.id(), outputs);
  }

  /** The protocol has its own form for what went wrong. */
  @ExceptionHandler
  @Hidden // or it would be described as an answer of 200
  ResponseEntity<Answers.Failure> refused(RetortException failure) {
    int status = Problems.of(failure, null).status();
    return ResponseEntity.status(status)
        .contentType(MediaType.APPLICATION_JSON)
        .body(new Answers.Failure(failure.getMessage(), failure.code()));
  }
}
