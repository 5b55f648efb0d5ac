package io.retort.dataset;

import io.retort.spec.Cancellation;
import java.io.IOException;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.Files;
import java.nio.file.Path;

/** Turns locations into files on this machine. */
final class Sources {

  private final LocalFiles files;
  private final Download download;
  private final UploadedDatasets uploads;
  private final long maxBytes;

  Sources(LocalFiles files, Download download, UploadedDatasets uploads, long maxBytes) {
    this.files = files;
    this.download = download;
    this.uploads = uploads;
    this.maxBytes = maxBytes;
  }

  /** What can be said without reading anything or asking another host. */
  void check(Location location) {
    switch (location.scheme()) {
      case "sample" -> SampleName.of(location);
      case "http", "https" -> download.check(location);
      case "dataset" -> upload(location);
      default -> {
        try {
          local(location).close();
        } catch (IOException e) {
          throw unreadable(location);
        }
      }
    }
  }

  /**
   * @param temporary a directory of the caller's for what must be downloaded
   */
  Source open(Location location, Path temporary, Cancellation cancellation) throws IOException {
    return switch (location.scheme()) {
      case "http", "https" -> {
        Path file = Files.createTempFile(temporary, "download", ".tmp");
        download.to(file, location, maxBytes, cancellation);
        checkSize(Files.size(file), location);
        yield new SourceFile(file, String.valueOf(location.uri().getPath()), location);
      }
      case "dataset" -> upload(location);
      default -> local(location);
    };
  }

  private SourceFile upload(Location location) {
    UploadedDatasets.Upload upload = uploads.find(location.rest());
    try {
      checkSize(Files.size(upload.content()), location);
    } catch (IOException e) {
      throw unreadable(location);
    }
    return new SourceFile(upload.content(), upload.originalName(), location);
  }

  private LocalFile local(Location location) {
    LocalFiles.Found found = files.find(location);
    try {
      SeekableByteChannel channel = files.open(found);
      try {
        checkSize(channel.size(), location);
        return new LocalFile(channel, found.name(), location, maxBytes);
      } catch (RuntimeException | IOException e) {
        channel.close();
        throw e;
      }
    } catch (IOException e) {
      throw unreadable(location);
    }
  }

  private void checkSize(long size, Location location) {
    if (size == 0) {
      throw location.problem("empty_file", "The file is empty.");
    }
    if (size > maxBytes) {
      throw Download.tooLarge(location, maxBytes);
    }
  }

  private static DatasetException unreadable(Location location) {
    return location.problem("not_found", "The file can no longer be read.");
  }
}
