package io.retort.web;

import io.retort.spec.Problem;
import io.swagger.v3.core.converter.ModelConverters;
import io.swagger.v3.oas.models.Components;
import io.swagger.v3.oas.models.OpenAPI;
import io.swagger.v3.oas.models.Operation;
import io.swagger.v3.oas.models.info.Info;
import io.swagger.v3.oas.models.info.License;
import io.swagger.v3.oas.models.media.Content;
import io.swagger.v3.oas.models.media.MediaType;
import io.swagger.v3.oas.models.media.Schema;
import io.swagger.v3.oas.models.responses.ApiResponse;
import io.swagger.v3.oas.models.security.SecurityRequirement;
import io.swagger.v3.oas.models.security.SecurityScheme;
import java.util.List;
import java.util.stream.Stream;
import org.springdoc.core.customizers.OpenApiCustomizer;
import org.springdoc.core.customizers.OperationCustomizer;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.info.BuildProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** The API description beyond what springdoc reads from the controllers. */
@Configuration(proxyBeanMethods = false)
class ApiDescription {

  private static final String KEY = "key";
  private static final String PROBLEM = "application/problem+json";

  @Bean
  OpenAPI openApi(ObjectProvider<BuildProperties> build) {
    BuildProperties properties = build.getIfAvailable();
    return new OpenAPI()
        .info(
            new Info()
                .title("Retort")
                .version(properties == null ? "development" : properties.getVersion())
                .description(
                    "Distillation as a service: post a job with a teacher, a student and a"
                        + " dataset; get back a small model that was measured against a twin"
                        + " trained without the teacher. Ids are UUIDv7, times RFC 3339 in UTC,"
                        + " errors RFC 9457 with a stable `code`, lists are cursor pages.")
                .license(
                    new License()
                        .name("Apache-2.0")
                        .url("https://www.apache.org/licenses/LICENSE-2.0")))
        .components(
            new Components()
                .addSecuritySchemes(
                    KEY,
                    new SecurityScheme()
                        .type(SecurityScheme.Type.HTTP)
                        .scheme("bearer")
                        .description(
                            "An API key (`rt_...`), needed where `retort.access.keys-required` is"
                                + " set; made with `POST /v1/keys`.")));
  }

  @Bean
  OpenApiCustomizer problemSchema() {
    return api ->
        ModelConverters.getInstance(true)
            .readAll(Problem.class)
            .forEach(api.getComponents()::addSchemas);
  }

  /** Documents how each operation refuses. */
  @Bean
  OperationCustomizer refusals() {
    return (operation, method) -> {
      MayFail mayFail = method.getMethodAnnotation(MayFail.class);
      if (mayFail != null) {
        for (int status : mayFail.value()) {
          operation
              .getResponses()
              .addApiResponse(String.valueOf(status), refusal(operation, status));
        }
      }
      return operation;
    };
  }

  /** Documents which key each operation wants, and what it says to others. */
  @Bean
  OperationCustomizer scopes() {
    return (operation, method) -> {
      RequiresScope required = method.getMethodAnnotation(RequiresScope.class);
      if (required != null) {
        List<String> names = Stream.of(required.value()).map(Scope::toString).toList();
        operation.addSecurityItem(new SecurityRequirement().addList(KEY, names));
        for (int status : new int[] {401, 403, 429}) {
          operation
              .getResponses()
              .addApiResponse(String.valueOf(status), refusal(operation, status));
        }
      }
      return operation;
    };
  }

  private static ApiResponse refusal(Operation operation, int status) {
    Problem example = ProblemExamples.of(status, operation.getOperationId());
    return new ApiResponse()
        .description(example.title())
        .content(
            new Content()
                .addMediaType(
                    PROBLEM,
                    new MediaType()
                        .schema(new Schema<>().$ref("#/components/schemas/Problem"))
                        .example(example)));
  }
}
