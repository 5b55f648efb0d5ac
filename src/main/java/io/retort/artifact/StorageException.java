package io.retort.artifact;

import io.retort.spec.Fault;
import io.retort.spec.RetortException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.sql.SQLException;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.core.exception.SdkException;

/** The store could not keep or find a file. */
public final class StorageException extends RetortException {

  private static final String DATABASE_DISK_FULL = "53100";

  private StorageException(String code, String message, @Nullable Throwable cause) {
    super(Fault.UNAVAILABLE, code, message, cause);
  }

  static StorageException of(IOException failure) {
    return isFull(failure)
        ? full(failure)
        : new StorageException(
            "storage_unavailable", "The service cannot write to its data directory.", failure);
  }

  /** The disk is full. */
  public static StorageException full(Throwable cause) {
    return new StorageException(
        "storage_full",
        "The disk that holds the service's data directory is full. Delete jobs, datasets or models"
            + " that are no longer needed, or give it more room; then submit the job again.",
        cause);
  }

  /** The bucket does not answer, or refuses. */
  static StorageException away(Throwable cause) {
    return new StorageException(
        "storage_unavailable", "The service cannot reach its store of files just now.", cause);
  }

  /** Whether a failure will pass once the bucket is back. */
  public static boolean isAway(Throwable failure) {
    for (@Nullable Throwable t = failure; t != null; t = t.getCause()) {
      if (t instanceof StorageException e
          && (e.getCause() instanceof SdkException
              || e.getCause() instanceof UncheckedIOException)) {
        return true;
      }
    }
    return false;
  }

  static StorageException lost(String sha256) {
    return new StorageException(
        "content_lost",
        "The file with SHA-256 " + sha256 + " is missing from the service's store.",
        null);
  }

  /** Java has no type of its own for a full disk; the words are the operating system's. */
  public static boolean isFull(Throwable failure) {
    for (@Nullable Throwable t = failure; t != null; t = t.getCause()) {
      if (t instanceof SQLException e && DATABASE_DISK_FULL.equals(e.getSQLState())) {
        return true;
      }
      String words = String.valueOf(t.getMessage()).toLowerCase(Locale.ROOT);
      if (t instanceof IOException
          && (words.contains("no space left")
              || words.contains("not enough space")
              || words.contains("disk quota exceeded"))) {
        return true;
      }
    }
    return false;
  }
}
