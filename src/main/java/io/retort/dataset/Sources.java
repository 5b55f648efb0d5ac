package io.retort.dataset;

import io.retort.spec.Cancellation;
import java.io.IOException;
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
      default -> local(location);
    }
  }

  /**
   * @param temporary a directory of the caller's for what must be downloaded
   */
  SourceFile open(Location location, Path temporary, Cancellation cancellation) throws IOException {
    if (location.scheme().startsWith("http")) {
      Path file = Files.createTempFile(temporary, "download", ".tmp");
      download.to(file, location, maxBytes, cancellation);
      return checked(new SourceFile(file, String.valueOf(location.uri().getPath()), location));
    }
    return local(location);
  }

  private SourceFile local(Location location) {
    if (location.scheme().equals("dataset")) {
      UploadedDatasets.Upload upload = uploads.find(location.rest());
      return checked(new SourceFile(upload.content(), upload.originalName(), location));
    }
    Path file = files.find(location);
    return checked(new SourceFile(file, file.getFileName().toString(), location));
  }

  private SourceFile checked(SourceFile source) {
    try {
      long size = Files.size(source.path());
      if (size == 0) {
        throw source.location().problem("empty_file", "The file is empty.");
      }
      if (size > maxBytes) {
        throw Download.tooLarge(source.location(), maxBytes);
      }
      return source;
    } catch (IOException e) {
      throw source.location().problem("not_found", "The file can no longer be read.");
    }
  }
}
