package io.retort.model;

/**
 * A network with its parameters, in plain Java memory.
 *
 * @param parameters all parameters, layer by layer, each tensor row-major, as {@code
 *     training.Network} lays them out; owned by this record, not to be changed
 */
public record TrainedModel(ModelDefinition definition, float[] parameters) {}
