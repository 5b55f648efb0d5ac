package io.retort.dataset;

import java.io.IOException;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

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
    if (!insideReal(real)) {
      throw outside(location);
    }
    if (!Files.isRegularFile(real) || !Files.isReadable(real)) {
      throw location.problem(
          "not_a_file", Shorten.text(location.text()) + " is not a file that can be read.");
    }
    return real;
  }

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

  private boolean insideReal(Path real) {
    for (Path root : roots) {
      try {
        if (real.startsWith(root.toRealPath())) {
          return true;
        }
      } catch (IOException e) {
        // a root that does not exist holds nothing
      }
    }
    return false;
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
