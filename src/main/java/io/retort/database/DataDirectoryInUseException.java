package io.retort.database;

/** Two services cannot share one embedded database. */
final class DataDirectoryInUseException extends IllegalStateException {
  DataDirectoryInUseException(PostgresDirectory directory) {
    super(
        "The data directory "
            + directory.root().getParent()
            + " is in use by another instance. Stop it, set retort.data-dir to another directory,"
            + " or set spring.datasource.url to a PostgreSQL that both can share.");
  }
}
