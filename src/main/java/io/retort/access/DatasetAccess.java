package io.retort.access;

import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;

/**
 * What dataset URIs may reach.
 *
 * @param fileRoots directories that {@code file:} may read; empty means {@code files} under the
 *     data directory
 * @param allowedHosts private hosts that {@code http(s):} may reach, as {@code host} or {@code
 *     host:port}
 * @param maxUpload largest file that may be uploaded
 */
@ConfigurationProperties("retort.dataset")
public record DatasetAccess(
    @Nullable List<Path> fileRoots,
    @DefaultValue List<String> allowedHosts,
    @DefaultValue("2GB") DataSize maxUpload) {

  public DatasetAccess {
    fileRoots = fileRoots == null ? List.of() : List.copyOf(fileRoots);
    allowedHosts = List.copyOf(allowedHosts);
  }

  /** The configured roots, or the given one where none are. */
  public List<Path> fileRootsOr(Path fallback) {
    return fileRoots == null || fileRoots.isEmpty() ? List.of(fallback) : fileRoots;
  }
}
