package io.retort.dataset;

import java.io.IOException;
import java.net.URLDecoder;
import java.nio.channels.SeekableByteChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.SecureDirectoryStream;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributeView;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Files under the configured roots, and nothing else. */
final class LocalFiles {

  private static final Set<OpenOption> READ =
      Set.of(StandardOpenOption.READ, LinkOption.NOFOLLOW_LINKS);

  private final List<Path> roots;
  private final TimedOpening opening;

  LocalFiles(List<Path> roots) {
    this(roots, new TimedOpening(Duration.ofSeconds(5), 16));
  }

  LocalFiles(List<Path> roots, TimedOpening opening) {
    this.roots = List.copyOf(roots);
    this.opening = opening;
  }

  /**
   * A file and the root that it lies under, both without links.
   *
   * @param inside its path under the root
   */
  record Found(Path root, Path inside) {

    String name() {
      return inside.getFileName().toString();
    }
  }

  /**
   * The file behind {@code file:name}, {@code file:/path} or {@code file:///path}; a relative one
   * lies in the first root. Links are followed before the roots are compared.
   */
  Found find(Location location) {
    Path asked = path(location);
    Path real;
    try {
      real = asked.toRealPath();
    } catch (IOException e) {
      // outside the roots nobody learns whether a file exists
      throw insideNormalised(asked) ? notFound(location) : outside(location);
    }
    Path root = rootOf(real);
    if (root == null) {
      throw outside(location);
    }
    if (!Files.isRegularFile(real) || !Files.isReadable(real)) {
      throw location.problem(
          "not_a_file", Shorten.text(location.text()) + " is not a file that can be read.");
    }
    return new Found(root, root.relativize(real));
  }

  /**
   * Opens it, directory by directory from the root and through no link: whatever may have been put
   * in the place of one since it was found, what is opened lies under the root. A named pipe in its
   * place, or in that of a directory, holds nobody for long.
   *
   * @throws IOException also where a directory has become a link, or the file is none any more
   */
  SeekableByteChannel open(Found found) throws IOException {
    return opening.open(() -> openNow(found));
  }

  private static SeekableByteChannel openNow(Found found) throws IOException {
    try (DirectoryStream<Path> root = Files.newDirectoryStream(found.root())) {
      if (root instanceof SecureDirectoryStream<Path> secure) {
        return open(secure, found.inside());
      }
    }
    // Windows has no such streams; there a link can still be put in a directory's place
    Path path = found.root().resolve(found.inside());
    checkRegular(Files.readAttributes(path, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS));
    return Files.newByteChannel(path, READ);
  }

  private static SeekableByteChannel open(SecureDirectoryStream<Path> directory, Path inside)
      throws IOException {
    Path first = inside.getName(0);
    if (inside.getNameCount() == 1) {
      checkRegular(
          directory
              .getFileAttributeView(first, BasicFileAttributeView.class, LinkOption.NOFOLLOW_LINKS)
              .readAttributes());
      return directory.newByteChannel(first, READ);
    }
    try (SecureDirectoryStream<Path> next =
        directory.newDirectoryStream(first, LinkOption.NOFOLLOW_LINKS)) {
      return open(next, inside.subpath(1, inside.getNameCount()));
    }
  }

  /** A device may do things when it is opened, and a pipe would take a thread. */
  private static void checkRegular(BasicFileAttributes attributes) throws IOException {
    if (!attributes.isRegularFile()) {
      throw new IOException("no file any more");
    }
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

  private @Nullable Path rootOf(Path real) {
    for (Path root : roots) {
      try {
        Path realRoot = root.toRealPath();
        if (real.startsWith(realRoot)) {
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
