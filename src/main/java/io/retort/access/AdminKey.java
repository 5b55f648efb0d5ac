package io.retort.access;

import io.retort.database.DataDirectory;
import io.retort.web.Scope;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.context.event.ApplicationStartedEvent;
import org.springframework.context.event.EventListener;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * The first key: made on the start of a service that requires keys while nobody has one that could
 * make others, and left in a file that its owner alone may read.
 */
@Component
public class AdminKey {

  private static final Logger LOG = LoggerFactory.getLogger(AdminKey.class);
  private static final boolean POSIX =
      FileSystems.getDefault().supportedFileAttributeViews().contains("posix");

  /** Processes that start together on one database make one key between them. */
  private static final String ONE_AT_A_TIME =
      "select 1 from pg_advisory_xact_lock(hashtext('retort admin key'))";

  private final ApiKeys keys;
  private final AccessSettings settings;
  private final JdbcClient jdbc;
  private final TransactionTemplate transaction;
  private final Path file;

  AdminKey(
      ApiKeys keys,
      AccessSettings settings,
      JdbcClient jdbc,
      PlatformTransactionManager transactions,
      DataDirectory data) {
    this.keys = keys;
    this.settings = settings;
    this.jdbc = jdbc;
    this.transaction = new TransactionTemplate(transactions);
    this.file = data.dataDir().resolve("admin-key");
  }

  @EventListener(ApplicationStartedEvent.class)
  void makeFirst() {
    if (settings.keysRequired()) {
      transaction.executeWithoutResult(
          status -> {
            jdbc.sql(ONE_AT_A_TIME).query(Integer.class).single();
            if (!keys.haveAdmin()) {
              String key = KeyText.random();
              write(key);
              keys.add(key, Tenants.DEFAULT, "admin", EnumSet.allOf(Scope.class), null);
              LOG.info("The first key, which may do everything, is in {}", file);
            }
          });
    }
  }

  /** The key in the file, for those who run beside the service; empty where none is required. */
  public Optional<String> ifRequired() {
    try {
      return settings.keysRequired() && Files.exists(file)
          ? Optional.of(Files.readString(file).strip())
          : Optional.empty();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void write(String key) {
    Path part = file.resolveSibling("admin-key.part");
    try {
      Files.createDirectories(file.getParent());
      Files.deleteIfExists(part);
      try (FileChannel out =
          FileChannel.open(
              part, Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE), ownerOnly())) {
        ByteBuffer bytes = ByteBuffer.wrap((key + "\n").getBytes(StandardCharsets.UTF_8));
        while (bytes.hasRemaining()) {
          out.write(bytes);
        }
        out.force(true);
      }
      Files.move(part, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    } catch (IOException e) {
      throw new UncheckedIOException("the first key cannot be written to " + file, e);
    }
  }

  private static FileAttribute<?>[] ownerOnly() {
    return POSIX
        ? new FileAttribute<?>[] {
          PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"))
        }
        : new FileAttribute<?>[0];
  }
}
