package io.retort.web;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import org.springframework.core.io.FileSystemResource;
import org.springframework.core.io.Resource;
import org.springframework.http.CacheControl;
import org.springframework.http.ContentDisposition;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpRange;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.context.request.ServletWebRequest;

/**
 * A file to send. Its content never changes under its hash, so the hash is its entity tag.
 *
 * @param name under which a browser would save it
 */
public record Download(Path file, String name, String mediaType, String sha256) {

  /**
   * The file, a range of it, 416 where that is none of it, or 304 where the caller has it. Ranges
   * are cut by Spring, which would send the whole file with a 416.
   */
  public @Nullable ResponseEntity<Resource> answer(ServletWebRequest request) {
    String etag = '"' + sha256 + '"';
    if (request.checkNotModified(etag)) {
      return null;
    }
    Resource content = new FileSystemResource(file);
    try {
      String range = request.getHeader(HttpHeaders.RANGE);
      var unused = HttpRange.toResourceRegions(HttpRange.parseRanges(range), content);
    } catch (IllegalArgumentException outside) {
      return ResponseEntity.status(HttpStatus.REQUESTED_RANGE_NOT_SATISFIABLE)
          .header(HttpHeaders.CONTENT_RANGE, "bytes */" + file.toFile().length())
          .build();
    }
    return ResponseEntity.ok()
        .eTag(etag)
        .cacheControl(CacheControl.noCache())
        .contentType(MediaType.parseMediaType(mediaType))
        .header(HttpHeaders.CONTENT_DISPOSITION, attachment())
        .header("X-Content-Type-Options", "nosniff")
        .body(content);
  }

  private String attachment() {
    return ContentDisposition.attachment()
        .filename(name, StandardCharsets.UTF_8)
        .build()
        .toString();
  }
}
