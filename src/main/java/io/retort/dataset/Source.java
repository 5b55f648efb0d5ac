package io.retort.dataset;

import io.retort.spec.Cancellation;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Path;

/** What a URI led to: it can be hashed, and had as a file that nobody else changes. */
sealed interface Source extends Closeable permits SourceFile, LocalFile {

  /** What it was called, for the guess of its format. */
  String name();

  Location location();

  /** Of its bytes, all of which are read for it. */
  String sha256(Cancellation cancellation) throws IOException;

  /**
   * The bytes that were hashed, as a file for readers that want a path.
   *
   * @param temporary a directory of the caller's
   * @throws DatasetException if they have changed since
   */
  SourceFile file(Path temporary, Cancellation cancellation) throws IOException;
}
