package io.retort.artifact;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.http.ContentStreamProvider;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.CompleteMultipartUploadResponse;
import software.amazon.awssdk.services.s3.model.CompletedPart;

/** A large file on its way into a bucket; visible once all of it is there. */
record PutInParts(S3Client s3, String bucket, String key) {

  private static final long PART_BYTES = 32L << 20;

  /** The protocol's limit. */
  private static final int MOST_PARTS = 10_000;

  CompleteMultipartUploadResponse put(Path file, long bytes) {
    String upload = s3.createMultipartUpload(b -> b.bucket(bucket).key(key)).uploadId();
    try {
      long partBytes = Math.max(PART_BYTES, (bytes + MOST_PARTS - 1) / MOST_PARTS);
      List<CompletedPart> parts = new ArrayList<>();
      for (long from = 0; from < bytes; from += partBytes) {
        parts.add(part(upload, parts.size() + 1, file, from, Math.min(partBytes, bytes - from)));
      }
      return s3.completeMultipartUpload(
          b -> b.bucket(bucket).key(key).uploadId(upload).multipartUpload(m -> m.parts(parts)));
    } catch (SdkException | UncheckedIOException e) {
      abort(upload, e);
      throw e;
    }
  }

  private CompletedPart part(String upload, int number, Path file, long from, long bytes) {
    String tag =
        s3.uploadPart(
                b -> b.bucket(bucket).key(key).uploadId(upload).partNumber(number),
                RequestBody.fromContentProvider(
                    range(file, from), bytes, "application/octet-stream"))
            .eTag();
    return CompletedPart.builder().partNumber(number).eTag(tag).build();
  }

  /** Opened anew for each try; the request reads as much as it announced. */
  private static ContentStreamProvider range(Path file, long from) {
    return () -> {
      try {
        FileChannel channel = FileChannel.open(file, StandardOpenOption.READ);
        return startingAt(channel, from);
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    };
  }

  private static InputStream startingAt(FileChannel channel, long from) throws IOException {
    return Channels.newInputStream(channel.position(from));
  }

  private void abort(String upload, Exception reason) {
    try {
      s3.abortMultipartUpload(b -> b.bucket(bucket).key(key).uploadId(upload));
    } catch (SdkException | UncheckedIOException e) {
      reason.addSuppressed(e);
    }
  }
}
