package io.retort.dataset;

import io.retort.spec.Cancellation;
import io.retort.spec.Sha256;
import java.io.IOException;
import java.nio.file.Path;

/** A file of the service's own: a download, an upload, or what was unpacked. */
record SourceFile(Path path, String name, Location location) implements Source {

  @Override
  public String sha256(Cancellation cancellation) throws IOException {
    return Sha256.of(path);
  }

  @Override
  public SourceFile file(Path temporary, Cancellation cancellation) {
    return this;
  }

  @Override
  public void close() {}
}
