package io.retort.database;

import java.io.IOException;
import java.math.BigInteger;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;

/**
 * Where the embedded PostgreSQL lies. Binaries and cluster are kept apart because the library
 * sweeps its working directory; the major version is in the path because the files of one are not
 * read by the next.
 */
record PostgresDirectory(Path root) {

  private static final boolean POSIX =
      FileSystems.getDefault().supportedFileAttributeViews().contains("posix");

  Path binaries() {
    return root.resolve("binaries");
  }

  Path cluster() {
    return root.resolve("cluster");
  }

  Path lock() {
    return cluster().resolve("epg-lock");
  }

  Path pidFile() {
    return cluster().resolve("postmaster.pid");
  }

  Path passwordFile() {
    return root.resolve("password");
  }

  /** The superuser's password, generated on first use and readable by the owner only. */
  String password() throws IOException {
    if (!Files.exists(passwordFile())) {
      Files.createFile(passwordFile(), ownerOnly());
      Files.writeString(
          passwordFile(), new BigInteger(160, new SecureRandom()).toString(Character.MAX_RADIX));
    }
    return Files.readString(passwordFile()).strip();
  }

  /** Nobody else may enter: the library leaves the binaries writable by everyone. */
  void open() throws IOException {
    Files.createDirectories(binaries());
    if (POSIX) {
      Files.setPosixFilePermissions(root, PosixFilePermissions.fromString("rwx------"));
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
