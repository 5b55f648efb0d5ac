package io.retort.job;

/**
 * A job's status has changed. Published in the transaction that changes it, so what a listener
 * writes is written together with the status or not at all.
 */
public record JobMoved(Job job) {}
