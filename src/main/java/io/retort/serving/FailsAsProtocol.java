package io.retort.serving;

import io.retort.spec.Problem;
import io.swagger.v3.oas.annotations.media.Content;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.springframework.http.MediaType;

/** The refusals of the protocol's operations, for the API description. */
@Target(ElementType.METHOD)
@Retention(RetentionPolicy.RUNTIME)
@ApiResponse(
    responseCode = "400",
    description = "A request that the model cannot read, or (a problem) that nobody can",
    content = {
      @Content(
          mediaType = MediaType.APPLICATION_JSON_VALUE,
          schema = @Schema(implementation = Answers.Failure.class)),
      @Content(
          mediaType = MediaType.APPLICATION_PROBLEM_JSON_VALUE,
          schema = @Schema(implementation = Problem.class))
    })
@ApiResponse(
    responseCode = "404",
    description = "No such model",
    content = @Content(schema = @Schema(implementation = Answers.Failure.class)))
@ApiResponse(
    responseCode = "409",
    description = "Several models of that name",
    content = @Content(schema = @Schema(implementation = Answers.Failure.class)))
@ApiResponse(
    responseCode = "422",
    description = "A model that cannot be served",
    content = @Content(schema = @Schema(implementation = Answers.Failure.class)))
@ApiResponse(
    responseCode = "503",
    description = "Too many models in use, or no database",
    content = @Content(schema = @Schema(implementation = Answers.Failure.class)))
@interface FailsAsProtocol {}
