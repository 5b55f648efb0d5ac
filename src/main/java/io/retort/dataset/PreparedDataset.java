package io.retort.dataset;

/**
 * A dataset ready for training. The three parts share no row.
 *
 * @param train rows to learn from
 * @param validation rows for early stopping and the choice of the best epoch
 * @param test rows for the final measurement, used once
 */
public record PreparedDataset(DatasetInfo info, Split train, Split validation, Split test) {}
