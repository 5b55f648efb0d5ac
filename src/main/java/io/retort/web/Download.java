package io.retort.web;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import org.springframework.core.io.FileSystemResource;
import org.springframework.core.io.Resource;
import org.springframework.http.CacheControl;
import org.springframework.http.ContentDisposition;
import org.springframework.http.HttpHeaders;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.context.request.ServletWebRequest;

/**
 * A file to send. Its content never changes under its hash, so the hash is its entity tag.
 *
 * @param name under which a browser would save it
 */
public record Download(Path file, String name, String mediaType, String sha256) {

  /** The file, a range of it, or 304 where the caller has it; ranges are cut by Spring. */
  public @Nullable ResponseEntity<Resource> answer(ServletWebRequest request) {
    String etag = '"' + sha256 + '"';
    if (request.checkNotModified(etag)) {
      return null;
    }
    return ResponseEntity.ok()
        .eTag(etag)
        .cacheControl(CacheControl.noCache())
        .contentType(MediaType.parseMediaType(mediaType))
        .header(HttpHeaders.CONTENT_DISPOSITION, attachment())
        .header("X-Content-Type-Options", "nosniff")
        .body(new FileSystemResource(file));
  }

  private String attachment() {
    return ContentDisposition.attachment()
        .filename(name, StandardCharsets.UTF_8)
        .build()
        .toString();
  }
}
