package io.retort.pipeline;

import io.retort.training.ComputeBackend;
import java.time.Instant;

/**
 * What a result was made with.
 *
 * @param jobThreads compute threads of the job
 * @param cores processors that the JVM may use
 */
record Provenance(
    String retort,
    Instant startedAt,
    Instant finishedAt,
    ComputeBackend backend,
    int jobThreads,
    int cores,
    String os,
    String jvm) {

  static Provenance now(String version, Instant startedAt, int threads) {
    return new Provenance(
        version,
        startedAt,
        Instant.now(),
        ComputeBackend.describe(),
        threads,
        Runtime.getRuntime().availableProcessors(),
        System.getProperty("os.name")
            + " "
            + System.getProperty("os.version")
            + " "
            + System.getProperty("os.arch"),
        System.getProperty("java.vm.name") + " " + System.getProperty("java.runtime.version"));
  }
}
