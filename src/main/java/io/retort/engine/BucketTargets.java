package io.retort.engine;

import io.retort.artifact.SharedFiles;
import io.retort.artifact.StorageException;
import io.retort.targets.SharedTargets;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** The service's bucket as a labelling sees it: one that is away is an I/O error to be expected. */
record BucketTargets(SharedFiles files) implements SharedTargets {

  @Override
  public boolean apart() {
    return files.apart();
  }

  @Override
  public void put(String key, Path file) throws IOException {
    run(() -> files.put(key, file));
  }

  @Override
  public void put(String key, byte[] content) throws IOException {
    run(() -> files.put(key, content));
  }

  @Override
  public boolean fetch(String key, Path into) throws IOException {
    return ask(() -> files.fetch(key, into));
  }

  @Override
  public byte @Nullable [] read(String key, long from, int bytes) throws IOException {
    return ask(() -> files.read(key, from, bytes));
  }

  @Override
  public List<Entry> list(String prefix) throws IOException {
    return ask(
        () ->
            files.list(prefix).stream()
                .map(file -> new Entry(file.key(), file.bytes(), file.modified()))
                .toList());
  }

  @Override
  public void delete(String key) throws IOException {
    run(() -> files.delete(key));
  }

  private static void run(Runnable request) throws IOException {
    boolean unused =
        ask(
            () -> {
              request.run();
              return true;
            });
  }

  private static <T extends @Nullable Object> T ask(Supplier<T> request) throws IOException {
    try {
      return request.get();
    } catch (StorageException e) {
      throw new IOException(e.getMessage(), e);
    }
  }
}
