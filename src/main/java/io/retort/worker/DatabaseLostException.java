package io.retort.worker;

import java.util.UUID;

/** A run could not reach the database for so long that it was given up; it will be tried again. */
final class DatabaseLostException extends RuntimeException {
  DatabaseLostException(UUID job, Throwable cause) {
    super("The database was lost while job " + job + " ran", cause);
  }
}
