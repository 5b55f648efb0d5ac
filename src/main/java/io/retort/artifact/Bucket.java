package io.retort.artifact;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.NoSuchKeyException;

/** Shared files in a bucket of an S3 service. */
final class Bucket implements SharedFiles, AutoCloseable {

  /** Larger files go in parts, which are tried again one by one. */
  private static final long SINGLE_BYTES = 64L << 20;

  private static final Duration ANSWER_WITHIN = Duration.ofSeconds(5);

  private final S3Client s3;
  private final String bucket;

  Bucket(S3Client s3, String bucket) {
    this.s3 = s3;
    this.bucket = bucket;
  }

  @Override
  public boolean apart() {
    return true;
  }

  @Override
  public void put(String key, Path file) {
    long bytes = size(file);
    ask(
        () ->
            bytes > SINGLE_BYTES
                ? new PutInParts(s3, bucket, key).put(file, bytes)
                : s3.putObject(b -> b.bucket(bucket).key(key), RequestBody.fromFile(file)));
  }

  @Override
  public void put(String key, byte[] content) {
    ask(() -> s3.putObject(b -> b.bucket(bucket).key(key), RequestBody.fromBytes(content)));
  }

  private static long size(Path file) {
    try {
      return Files.size(file);
    } catch (IOException e) {
      throw StorageException.of(e);
    }
  }

  @Override
  public boolean has(String key) {
    return ask(
        () -> {
          try {
            s3.headObject(b -> b.bucket(bucket).key(key));
            return true;
          } catch (NoSuchKeyException e) {
            return false;
          }
        });
  }

  @Override
  public boolean fetch(String key, Path into) {
    return ask(
        () -> {
          try {
            s3.getObject(b -> b.bucket(bucket).key(key), into);
            return true;
          } catch (NoSuchKeyException e) {
            return false;
          }
        });
  }

  @Override
  public byte @Nullable [] read(String key, long from, int bytes) {
    String range = "bytes=%d-%d".formatted(from, from + bytes - 1);
    return ask(
        () -> {
          try {
            return s3.getObjectAsBytes(b -> b.bucket(bucket).key(key).range(range)).asByteArray();
          } catch (NoSuchKeyException e) {
            return null;
          }
        });
  }

  @Override
  public List<Entry> list(String prefix) {
    return ask(
        () ->
            s3.listObjectsV2Paginator(b -> b.bucket(bucket).prefix(prefix)).contents().stream()
                .map(found -> new Entry(found.key(), found.size(), found.lastModified()))
                .toList());
  }

  @Override
  public void delete(String key) {
    ask(() -> s3.deleteObject(b -> b.bucket(bucket).key(key)));
  }

  @Override
  public boolean answers() {
    try {
      s3.headBucket(
          b -> b.bucket(bucket).overrideConfiguration(o -> o.apiCallTimeout(ANSWER_WITHIN)));
      return true;
    } catch (SdkException | UncheckedIOException e) {
      return false;
    }
  }

  @Override
  public void close() {
    s3.close();
  }

  /**
   * Whatever a bucket refuses, wrong keys included, may be mended without anything being lost. A
   * connection that breaks while it sends is an exception of its own in the SDK's client.
   */
  private static <T extends @Nullable Object> T ask(Supplier<T> request) {
    try {
      return request.get();
    } catch (SdkException | UncheckedIOException e) {
      throw StorageException.away(e);
    }
  }
}
