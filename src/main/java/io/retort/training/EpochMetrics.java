package io.retort.training;

/**
 * One epoch in numbers; losses are means per row.
 *
 * @param epoch from 1
 * @param step steps since the beginning of the training
 * @param loss total training loss, alpha and beta included
 * @param distillationLoss before alpha; NaN without a teacher
 * @param studentLoss cross-entropy with the labels, before beta
 * @param validationLoss the same total loss on the validation part
 * @param validationAccuracy share of validation rows whose largest logit is their label's
 * @param learningRate of the last step
 */
public record EpochMetrics(
    int epoch,
    long step,
    double loss,
    double distillationLoss,
    double studentLoss,
    double validationLoss,
    double validationAccuracy,
    double learningRate) {}
