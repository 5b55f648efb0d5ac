package io.retort.system;

import io.swagger.v3.oas.annotations.media.Schema;

/**
 * What computes.
 *
 * @param threads processors that the process may use
 */
@Schema(description = "What computes.")
public record Backend(
    @Schema(example = "cpu") String type,
    @Schema(example = "nd4j-native 1.0.0-M2.1") String library,
    @Schema(example = "AVX512") String instructionSet,
    @Schema(example = "Linux amd64") String platform,
    @Schema(example = "8") int threads) {}
