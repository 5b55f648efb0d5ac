package io.retort.training;

import io.retort.model.TrainedModel;

/**
 * A finished training.
 *
 * @param model the parameters of the best epoch
 * @param last parameters as they were when the training ended
 * @param bestEpoch the epoch that was best by the spec's monitor, from 1
 * @param bestValidationLoss of that epoch
 * @param bestValidationAccuracy of that epoch, 0..1
 * @param epochs epochs that ran; fewer than asked for when early stopping ended it
 * @param seconds wall time
 */
public record TrainingOutcome(
    TrainedModel model,
    float[] last,
    int bestEpoch,
    double bestValidationLoss,
    double bestValidationAccuracy,
    int epochs,
    long steps,
    double seconds) {}
