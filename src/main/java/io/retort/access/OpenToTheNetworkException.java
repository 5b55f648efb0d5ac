package io.retort.access;

/** The service would listen to the network without asking anyone who they are. */
final class OpenToTheNetworkException extends IllegalStateException {
  OpenToTheNetworkException(String address) {
    super(
        "server.address is "
            + address
            + ", but this service does not ask callers for a key: anyone who reaches it could run"
            + " jobs and read files.");
  }
}
