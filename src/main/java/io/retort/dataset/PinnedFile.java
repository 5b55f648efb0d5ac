package io.retort.dataset;

import io.retort.spec.Cancellation;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SecureDirectoryStream;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributeView;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Set;
import java.util.function.Supplier;

/**
 * A file whose directory is held open: it was reached from a root one name at a time without
 * following a link, so swapping any directory on the way changes nothing.
 */
final class PinnedFile implements AutoCloseable {

  private static final int CHUNK = 1 << 16;

  private final SecureDirectoryStream<Path> directory;
  private final Path name;

  private PinnedFile(SecureDirectoryStream<Path> directory, Path name) {
    this.directory = directory;
    this.name = name;
  }

  /**
   * @param root a real path
   * @param inside relative to it, without links or dots
   * @throws java.nio.file.FileSystemException where a link or nothing stands on the way
   */
  static PinnedFile walk(Path root, Path inside) throws IOException {
    SecureDirectoryStream<Path> at = secure(Files.newDirectoryStream(root), root);
    for (int i = 0; i < inside.getNameCount() - 1; i++) {
      try (SecureDirectoryStream<Path> parent = at) {
        at = parent.newDirectoryStream(inside.getName(i), LinkOption.NOFOLLOW_LINKS);
      }
    }
    return new PinnedFile(at, inside.getFileName());
  }

  private static SecureDirectoryStream<Path> secure(DirectoryStream<Path> stream, Path root)
      throws IOException {
    if (stream instanceof SecureDirectoryStream<Path> secure) {
      return secure;
    }
    stream.close();
    throw new IOException("This system cannot open " + root + " so that links are not followed");
  }

  /**
   * Gives the file a second name; no byte is copied.
   *
   * @param path where it was seen; what it leads to now is compared with the file
   * @return false where links are not allowed, or another file was found
   */
  boolean linkTo(Path path, Path own) throws IOException {
    try {
      Files.createLink(own, path);
    } catch (IOException | UnsupportedOperationException e) {
      return false;
    }
    // the second name keeps the inode from being used again, so equal keys are one file
    BasicFileAttributes linked =
        Files.readAttributes(own, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
    if (linked.isRegularFile()
        && linked.fileKey() != null
        && linked.fileKey().equals(attributes().fileKey())) {
      return true;
    }
    Files.delete(own);
    return false;
  }

  /** Copies at most {@code maxBytes}. */
  void copyTo(
      Path own, long maxBytes, Supplier<DatasetException> tooLarge, Cancellation cancellation)
      throws IOException {
    if (!attributes().isRegularFile()) {
      throw new NoSuchFileException(name.toString());
    }
    try (SeekableByteChannel in =
            directory.newByteChannel(
                name, Set.of(StandardOpenOption.READ, LinkOption.NOFOLLOW_LINKS));
        OutputStream out = Files.newOutputStream(own, StandardOpenOption.CREATE_NEW)) {
      ByteBuffer chunk = ByteBuffer.allocate(CHUNK);
      long copied = 0;
      while (in.read(chunk.clear()) >= 0) {
        cancellation.check();
        copied += chunk.position();
        if (copied > maxBytes) {
          throw tooLarge.get();
        }
        out.write(chunk.array(), 0, chunk.position());
      }
    }
  }

  private BasicFileAttributes attributes() throws IOException {
    return directory
        .getFileAttributeView(name, BasicFileAttributeView.class, LinkOption.NOFOLLOW_LINKS)
        .readAttributes();
  }

  @Override
  public void close() throws IOException {
    directory.close();
  }
}
