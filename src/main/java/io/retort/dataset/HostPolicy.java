package io.retort.dataset;

import java.net.URI;

/** Decides which hosts may be asked for data. */
@FunctionalInterface
public interface HostPolicy {

  /**
   * Asked right before each connection, redirects included.
   *
   * @throws io.retort.spec.RetortException where the host must not be reached
   */
  void check(URI uri);
}
