package io.retort.artifact;

import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Where machines that do not share a data directory find each other's files: a bucket, or nothing,
 * where the directory itself is shared. Keys are paths with slashes; a file under a key never
 * changes.
 *
 * <p>Every method but {@link #none()}'s throws {@link StorageException} while the bucket is away.
 */
public interface SharedFiles {

  /** A file that is there. */
  record Entry(String key, long bytes, Instant modified) {

    /** Behind the last slash. */
    public String name() {
      return key.substring(key.lastIndexOf('/') + 1);
    }
  }

  /** Whether there is more than this machine's data directory. */
  boolean apart();

  /** Puts a file there, whole or not at all. */
  void put(String key, Path file);

  /** Puts a few bytes there; the same ones again give the file a new time. */
  void put(String key, byte[] content);

  boolean has(String key);

  /**
   * Copies a file from there.
   *
   * @param into must not exist
   * @return false where there is none of this key
   */
  boolean fetch(String key, Path into);

  /**
   * Reads a piece of a file.
   *
   * @param from within the file
   * @param bytes at most, at least 1; fewer where the file ends
   * @return null where there is none of this key
   */
  byte @Nullable [] read(String key, long from, int bytes);

  /** Files whose keys begin so. */
  List<Entry> list(String prefix);

  /** Removes a file, if it is there. */
  void delete(String key);

  /** Whether it answers just now. */
  boolean answers();

  /** The data directory is all there is, or all machines have the same. */
  static SharedFiles none() {
    return new SharedFiles() {
      @Override
      public boolean apart() {
        return false;
      }

      @Override
      public void put(String key, Path file) {}

      @Override
      public void put(String key, byte[] content) {}

      @Override
      public boolean has(String key) {
        return true;
      }

      @Override
      public boolean fetch(String key, Path into) {
        return false;
      }

      @Override
      public byte @Nullable [] read(String key, long from, int bytes) {
        return null;
      }

      @Override
      public List<Entry> list(String prefix) {
        return List.of();
      }

      @Override
      public void delete(String key) {}

      @Override
      public boolean answers() {
        return true;
      }
    };
  }
}
