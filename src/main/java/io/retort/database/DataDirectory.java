package io.retort.database;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * The one directory under which the service keeps everything.
 *
 * @param dataDir made absolute; created on first use
 */
@ConfigurationProperties("retort")
public record DataDirectory(@DefaultValue("./data") Path dataDir) {

  public DataDirectory {
    dataDir = dataDir.toAbsolutePath().normalize();
  }

  /** A directory below the data directory, created if it does not exist. */
  public Path directory(String first, String... more) {
    Path directory = dataDir.resolve(Path.of(first, more));
    try {
      return Files.createDirectories(directory);
    } catch (IOException e) {
      throw new UncheckedIOException("retort.data-dir is not writable: " + directory, e);
    }
  }
}
