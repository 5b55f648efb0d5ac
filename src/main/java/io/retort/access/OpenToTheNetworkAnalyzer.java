package io.retort.access;

import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;

/** Says on start what to do, instead of a stack trace. */
final class OpenToTheNetworkAnalyzer extends AbstractFailureAnalyzer<OpenToTheNetworkException> {
  @Override
  protected FailureAnalysis analyze(Throwable rootFailure, OpenToTheNetworkException cause) {
    return new FailureAnalysis(
        cause.getMessage(),
        "Set retort.access.keys-required=true, or server.address=127.0.0.1, or, where something in"
            + " front of it decides who gets through (a container network, a proxy),"
            + " retort.access.allow-unauthenticated=true.",
        cause);
  }
}
