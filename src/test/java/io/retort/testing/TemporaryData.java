package io.retort.testing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.springframework.boot.test.util.TestPropertyValues;
import org.springframework.context.ApplicationContextInitializer;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.util.FileSystemUtils;

/** Gives a service an empty data directory, removed when the tests are over. */
public final class TemporaryData
    implements ApplicationContextInitializer<ConfigurableApplicationContext> {

  @Override
  public void initialize(ConfigurableApplicationContext context) {
    try {
      Path directory = Files.createTempDirectory("retort-test");
      Runtime.getRuntime().addShutdownHook(new Thread(() -> closeAndDelete(context, directory)));
      TestPropertyValues.of("retort.data-dir=" + directory).applyTo(context);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Deleting earlier would take PostgreSQL's programs away while they stop it. */
  private static void closeAndDelete(ConfigurableApplicationContext context, Path directory) {
    context.close();
    Path postmaster = directory.resolve("postgres-17/cluster/postmaster.pid");
    try {
      for (int i = 0; i < 200 && Files.exists(postmaster); i++) {
        Thread.sleep(100);
      }
      FileSystemUtils.deleteRecursively(directory);
    } catch (IOException | InterruptedException e) {
      // The operating system empties its temporary directory itself.
    }
  }
}
