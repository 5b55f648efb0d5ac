package io.retort.dataset;

import io.retort.spec.Cancellation;
import java.io.IOException;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Files under the configured roots, and nothing else. */
final class LocalFiles {

  private final List<Path> roots;

  LocalFiles(List<Path> roots) {
    this.roots = List.copyOf(roots);
  }

  /**
   * The file behind {@code file:name}, {@code file:/path} or {@code file:///path}; a relative one
   * lies in the first root. Links are followed before the roots are compared.
   */
  Path find(Location location) {
    Path asked = path(location);
    Path real;
    try {
      real = asked.toRealPath();
    } catch (IOException e) {
      // outside the roots nobody learns whether a file exists
      throw insideNormalised(asked) ? notFound(location) : outside(location);
    }
    if (rootOf(real) == null) {
      throw outside(location);
    }
    if (!Files.isRegularFile(real) || !Files.isReadable(real)) {
      throw location.problem(
          "not_a_file", Shorten.text(location.text()) + " is not a file that can be read.");
    }
    return real;
  }

  /**
   * A private name for the very file that {@link #find} would name, whatever is swapped meanwhile.
   *
   * @param temporary a directory of the caller's; the file may be a hard link, so nobody writes it
   */
  Opened open(Location location, Path temporary, long maxBytes, Cancellation cancellation)
      throws IOException {
    Path real = find(location);
    Path root = rootOf(real);
    if (root == null) {
      throw outside(location);
    }
    Path own = temporary.resolve("local" + UUID.randomUUID());
    try (PinnedFile pinned = PinnedFile.walk(root, root.relativize(real))) {
      if (!pinned.linkTo(real, own)) {
        pinned.copyTo(own, maxBytes, () -> Download.tooLarge(location, maxBytes), cancellation);
      }
    } catch (FileSystemException e) {
      if (own.toString().equals(e.getFile())) {
        throw e;
      }
      // a link or another kind of file stands where a directory or the file was
      throw notFound(location);
    }
    return new Opened(own, real.getFileName().toString());
  }

  /**
   * @param name what the file is called under its root
   */
  record Opened(Path path, String name) {}

  private Path path(Location location) {
    String rest = location.rest();
    if (rest.startsWith("//")) {
      rest = rest.startsWith("//localhost/") ? rest.substring(11) : rest.substring(2);
    }
    try {
      // a plus is a plus in paths
      String decoded = URLDecoder.decode(rest.replace("+", "%2B"), StandardCharsets.UTF_8);
      Path path = Path.of(decoded);
      return path.isAbsolute() || roots.isEmpty() ? path : roots.get(0).resolve(path);
    } catch (IllegalArgumentException e) {
      throw location.problem("invalid_uri", "The path cannot be read; is it a `file:` URI?");
    }
  }

  private @Nullable Path rootOf(Path real) {
    for (Path root : roots) {
      try {
        Path realRoot = root.toRealPath();
        if (real.startsWith(realRoot) && !real.equals(realRoot)) {
          return realRoot;
        }
      } catch (IOException e) {
        // a root that does not exist holds nothing
      }
    }
    return null;
  }

  private boolean insideNormalised(Path asked) {
    Path normal = asked.toAbsolutePath().normalize();
    return roots.stream().anyMatch(root -> normal.startsWith(root.toAbsolutePath().normalize()));
  }

  private static DatasetException notFound(Location location) {
    return location.problem(
        "not_found", Shorten.text(location.text()) + " does not exist under the file roots.");
  }

  private static DatasetException outside(Location location) {
    return location.problem(
        "outside_file_roots",
        Shorten.text(location.text())
            + " is not under the directories that `file:` may read"
            + " (setting retort.dataset.file-roots).");
  }
}
