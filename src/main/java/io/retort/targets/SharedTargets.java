package io.retort.targets;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Where machines that share no data directory find what each other's teachers gave. Keys are paths
 * with slashes. A file appears whole and never changes; it may be put again, which gives it a new
 * time. Every method but those of {@link #none()} throws {@link IOException} while it is away.
 */
public interface SharedTargets {

  /**
   * A file that is there.
   *
   * @param modified by a clock of its own
   */
  record Entry(String key, long bytes, Instant modified) {

    /** Behind the last slash. */
    String name() {
      return key.substring(key.lastIndexOf('/') + 1);
    }
  }

  /** Whether there is more than this machine's data directory. */
  boolean apart();

  void put(String key, Path file) throws IOException;

  void put(String key, byte[] content) throws IOException;

  /**
   * Copies a file from there.
   *
   * @param into must not exist
   * @return false where there is none of this key
   */
  boolean fetch(String key, Path into) throws IOException;

  /**
   * Reads a piece of a file.
   *
   * @param bytes at most; fewer where the file ends
   * @return null where there is none of this key
   */
  byte @Nullable [] read(String key, long from, int bytes) throws IOException;

  /** Files whose keys begin so, in the order of their keys. */
  List<Entry> list(String prefix) throws IOException;

  /** Removes a file, if it is there. */
  void delete(String key) throws IOException;

  /** The data directory is all there is, or all machines have the same. */
  static SharedTargets none() {
    return new SharedTargets() {
      @Override
      public boolean apart() {
        return false;
      }

      @Override
      public void put(String key, Path file) {}

      @Override
      public void put(String key, byte[] content) {}

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
    };
  }
}
