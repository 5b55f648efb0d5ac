package io.retort.serving;

import io.swagger.v3.oas.annotations.media.Content;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/** How operations on a model refuse, for the API description. */
@Target(ElementType.METHOD)
@Retention(RetentionPolicy.RUNTIME)
@ApiResponse(responseCode = "200", description = "OK", useReturnTypeSchema = true)
@ApiResponse(
    responseCode = "400",
    description = "The request does not fit the model",
    content =
        @Content(
            mediaType = "application/json",
            schema = @Schema(implementation = ServingError.class)))
@ApiResponse(
    responseCode = "404",
    description = "There is no such model",
    content =
        @Content(
            mediaType = "application/json",
            schema = @Schema(implementation = ServingError.class)))
@ApiResponse(
    responseCode = "409",
    description = "Several models have this name",
    content =
        @Content(
            mediaType = "application/json",
            schema = @Schema(implementation = ServingError.class)))
@ApiResponse(
    responseCode = "422",
    description = "The model cannot be served, or not for these rows",
    content =
        @Content(
            mediaType = "application/json",
            schema = @Schema(implementation = ServingError.class)))
@ApiResponse(
    responseCode = "503",
    description = "Too much is being served; try again",
    content =
        @Content(
            mediaType = "application/json",
            schema = @Schema(implementation = ServingError.class)))
@interface Refuses {}
