package io.retort;

import java.util.Arrays;

/** What {@code --help} prints. */
final class Usage {

  static final String TEXT =
      """
      Retort: distillation as a service.

        java -jar retort.jar [--SETTING=VALUE ...]

      Serves on http://127.0.0.1:8080 until it is stopped; Swagger UI is at /swagger-ui.html.
      Settings may also be environment variables (RETORT_DATADIR) or stand in an
      application.yaml beside the jar. Those that are changed most:

        --server.port=8080                   where it listens
        --server.address=127.0.0.1           other than this machine's needs keys
        --retort.access.keys-required=false  every caller must send an API key or a token
        --retort.data-dir=./data             everything it keeps
        --spring.datasource.url=             PostgreSQL; one of its own in the data directory if unset
        --retort.api.enabled=true            the same jar as API only, worker only, or both
        --retort.worker.enabled=true
        --retort.worker.slots=1              jobs at once
        --retort.worker.threads=             compute threads of a job; cores / slots if unset
        --retort.dataset.file-roots=         directories that `file:` datasets may lie in
        --spring.profiles.active=quickstart  runs a sample job first and prints what came of it

      README.md has all of them.
      """;

  private Usage() {}

  static boolean isWanted(String... args) {
    return Arrays.stream(args).anyMatch(a -> a.equals("--help") || a.equals("-h"));
  }
}
