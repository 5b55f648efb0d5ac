package io.retort.serving;

import io.retort.registry.Models;
import io.retort.web.Api;
import io.retort.web.JsonBody;
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
import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.info.BuildProperties;
import org.springframework.http.MediaType;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestMapping;

@Api
@RequestMapping("/v2")
@Tag(
    name = "Serving",
    description =
        "The registry's models over the Open Inference Protocol v2 (JSON). `model` is an id, or a"
            + " name that only one model has.")
class ServingController {

  private static final int MAX_BODY = 16 << 20;

  private final Models models;
  private final LoadedModels loaded;
  private final ServingSettings settings;
  private final String version;

  ServingController(
      Models models,
      LoadedModels loaded,
      ServingSettings settings,
      ObjectProvider<BuildProperties> build) {
    this.models = models;
    this.loaded = loaded;
    this.settings = settings;
    BuildProperties facts = build.getIfAvailable();
    this.version = facts == null ? "development" : String.valueOf(facts.getVersion());
  }

  @Schema(name = "ServingInfo", description = "Who answers.")
  record ServerMetadata(String name, String version, List<String> extensions) {}

  @Schema(name = "ServedModelReadiness", description = "Whether a model can be asked.")
  record Readiness(String name, boolean ready) {}

  @GetMapping(produces = MediaType.APPLICATION_JSON_VALUE)
  @RequiresScope(Scope.MODELS_READ)
  @Operation(operationId = "getServer", summary = "Get the server's metadata")
  @MayFail(503)
  ServerMetadata server() {
    return new ServerMetadata("retort", version, List.of());
  }

  @GetMapping(path = "/models/{model}", produces = MediaType.APPLICATION_JSON_VALUE)
  @RequiresScope(Scope.MODELS_READ)
  @Operation(operationId = "getServedModel", summary = "Get a served model's metadata")
  @Refuses
  ModelMetadata metadata(@PathVariable String model) {
    return ModelMetadata.of(model, servable(model));
  }

  @GetMapping(path = "/models/{model}/ready", produces = MediaType.APPLICATION_JSON_VALUE)
  @RequiresScope(Scope.MODELS_READ)
  @Operation(
      operationId = "isModelReady",
      summary = "Whether a model can be asked",
      description = "It is loaded with its first request.")
  @Refuses
  Readiness ready(@PathVariable String model) {
    var unused = servable(model);
    return new Readiness(model, true);
  }

  @PostMapping(path = "/models/{model}/infer", produces = MediaType.APPLICATION_JSON_VALUE)
  @RequiresScope(Scope.MODELS_READ)
  @Operation(
      operationId = "infer",
      summary = "Compute some rows",
      description = "Raw features in, as the dataset had them; logits and probabilities out.",
      requestBody =
          @RequestBody(
              required = true,
              content =
                  @Content(
                      mediaType = MediaType.APPLICATION_JSON_VALUE,
                      schema = @Schema(implementation = InferForm.class))))
  @Refuses
  @ApiResponse(
      responseCode = "413",
      description = "The body is larger than 16 MiB",
      content =
          @Content(
              mediaType = MediaType.APPLICATION_JSON_VALUE,
              schema = @Schema(implementation = ServingError.class)))
  InferAnswer infer(@PathVariable String model, @Parameter(hidden = true) InputStream body)
      throws IOException {
    Servable servable = servable(model);
    Inference asked = Inference.read(JsonBody.read(body, MAX_BODY), servable, settings.maxRows());
    float[] logits =
        loaded.with(servable, network -> network.logits(asked.features(), asked.rows()));
    return InferAnswer.of(model, servable, asked, logits);
  }

  private Servable servable(String model) {
    return Servable.of(models.stored(models.idOf(model)));
  }
}
