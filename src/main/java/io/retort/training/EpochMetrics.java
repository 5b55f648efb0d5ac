package io.retort.training;

import java.util.Map;

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
 * @param terms figures of the objective's parts where it has further terms, by name: {@code
 *     term.<name>.loss} before its weight, {@code term.<name>.share} of the total loss, and {@code
 *     gradient.<name>}, the length of the weighted gradient with respect to the student, on the
 *     epoch's last batch
 */
public record EpochMetrics(
    int epoch,
    long step,
    double loss,
    double distillationLoss,
    double studentLoss,
    double validationLoss,
    double validationAccuracy,
    double learningRate,
    Map<String, Double> terms) {}
