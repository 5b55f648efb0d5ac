package io.retort.job.web;

import io.swagger.v3.oas.models.OpenAPI;
import io.swagger.v3.oas.models.Operation;
import io.swagger.v3.oas.models.media.Content;
import io.swagger.v3.oas.models.media.MediaType;
import io.swagger.v3.oas.models.media.Schema;
import io.swagger.v3.oas.models.parameters.HeaderParameter;
import java.util.Objects;
import org.springdoc.core.customizers.OpenApiCustomizer;
import org.springframework.stereotype.Component;

/** Describes the stream beside the list: to OpenAPI, one operation with two kinds of answer. */
@Component
class StreamDescription implements OpenApiCustomizer {

  @Override
  public void customise(OpenAPI api) {
    var path = api.getPaths() == null ? null : api.getPaths().get("/v1/jobs/{id}/events");
    if (path == null) {
      return;
    }
    Operation events = path.getGet();
    Schema<String> text = new Schema<>();
    text.addType("string");
    text.setExample(
        "id: 17-40\nevent: status\ndata: {\"status\": \"running\", \"progress\": 0.4}\n\n");
    Content content = Objects.requireNonNull(events.getResponses().get("200")).getContent();
    content.addMediaType("text/event-stream", new MediaType().schema(text));
    Schema<String> id = new Schema<>();
    id.addType("string");
    id.setPattern("^\\d{1,18}-\\d{1,18}$");
    events.addParametersItem(
        new HeaderParameter()
            .name("Last-Event-ID")
            .description("Of a stream: continue after the message of this id")
            .schema(id)
            .example("17-40"));
  }
}
