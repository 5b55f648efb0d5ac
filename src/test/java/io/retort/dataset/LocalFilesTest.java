package io.retort.dataset;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.retort.spec.Cancellation;
import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Whoever may write under a file root swaps what stands there while it is opened. */
class LocalFilesTest {

  private static final long MAX_BYTES = 1000;

  @TempDir Path directory;
  private Path root;
  private Path outside;
  private Path temporary;

  @BeforeEach
  void files() throws IOException {
    // temporary directories may lie behind a link
    Path real = directory.toRealPath();
    root = Files.createDirectories(real.resolve("root"));
    outside = Files.createDirectories(real.resolve("outside"));
    temporary = Files.createDirectories(real.resolve("temporary"));
    Files.createDirectories(root.resolve("a/b"));
    Files.writeString(root.resolve("a/b/data.csv"), "inside");
    Files.createDirectories(outside.resolve("b"));
    Files.writeString(outside.resolve("b/data.csv"), "outside");
  }

  private LocalFiles.Opened open(String uri) throws IOException {
    return new LocalFiles(List.of(root))
        .open(Location.of(uri, "/dataset/uri"), temporary, MAX_BYTES, Cancellation.NONE);
  }

  private void swap() throws IOException {
    Files.move(root.resolve("a"), root.resolve("away"));
    Files.createSymbolicLink(root.resolve("a"), outside);
  }

  private void swapBack() throws IOException {
    Files.delete(root.resolve("a"));
    Files.move(root.resolve("away"), root.resolve("a"));
  }

  @Test
  void aPrivateNameOfTheSameFile() throws IOException {
    LocalFiles.Opened opened = open("file:a/b/data.csv");
    assertThat(opened.path()).hasParentRaw(temporary).hasContent("inside");
    assertThat(opened.name()).isEqualTo("data.csv");
    assertThat(Files.isSameFile(opened.path(), root.resolve("a/b/data.csv"))).isTrue();
  }

  @Test
  void aLinkInsideTheRootIsFollowed() throws IOException {
    Files.createSymbolicLink(root.resolve("short"), Path.of("a/b"));
    Files.createSymbolicLink(root.resolve("it.csv"), root.resolve("short/data.csv"));
    assertThat(open("file:it.csv").path()).hasContent("inside");
    assertThat(open("file:short/data.csv").path()).hasContent("inside");
  }

  @Test
  void aDirectorySwappedBeforeTheWalk() throws IOException {
    swap();
    assertThatThrownBy(() -> PinnedFile.walk(root, Path.of("a/b/data.csv")))
        .isInstanceOf(FileSystemException.class);
  }

  @Test
  void aDirectorySwappedAfterTheWalk() throws IOException {
    Path own = temporary.resolve("own");
    try (PinnedFile pinned = PinnedFile.walk(root, Path.of("a/b/data.csv"))) {
      swap();
      assertThat(pinned.linkTo(root.resolve("a/b/data.csv"), own)).isFalse();
      assertThat(own).doesNotExist();
      pinned.copyTo(
          own,
          MAX_BYTES,
          () -> DatasetException.of("too_large", "/dataset/uri", ""),
          Cancellation.NONE);
    }
    assertThat(own).hasContent("inside");
  }

  @Test
  void aFileSwappedForALinkAfterTheWalk() throws IOException {
    Path file = root.resolve("a/b/data.csv");
    Path own = temporary.resolve("own");
    try (PinnedFile pinned = PinnedFile.walk(root, Path.of("a/b/data.csv"))) {
      Files.delete(file);
      Files.createSymbolicLink(file, outside.resolve("b/data.csv"));
      assertThat(pinned.linkTo(file, own)).isFalse();
      assertThatThrownBy(
              () ->
                  pinned.copyTo(
                      own,
                      MAX_BYTES,
                      () -> DatasetException.of("too_large", "/dataset/uri", ""),
                      Cancellation.NONE))
          .isInstanceOf(FileSystemException.class);
    }
    assertThat(own).doesNotExist();
  }

  @Test
  void aCopyEndsAtTheMostBytes() throws IOException {
    try (PinnedFile pinned = PinnedFile.walk(root, Path.of("a/b/data.csv"))) {
      assertThatThrownBy(
              () ->
                  pinned.copyTo(
                      temporary.resolve("own"),
                      5,
                      () -> DatasetException.of("too_large", "/dataset/uri", "6 > 5"),
                      Cancellation.NONE))
          .isInstanceOf(DatasetException.class);
    }
  }

  @Test
  void nothingOutsideIsReadInARace() throws Exception {
    AtomicBoolean done = new AtomicBoolean();
    AtomicReference<Throwable> failed = new AtomicReference<>();
    Thread swapper =
        new Thread(
            () -> {
              try {
                while (!done.get()) {
                  swap();
                  swapBack();
                }
              } catch (IOException e) {
                failed.set(e);
              }
            });
    swapper.start();
    try {
      for (int i = 0; i < 500; i++) {
        try {
          assertThat(open("file:a/b/data.csv").path()).hasContent("inside");
        } catch (DatasetException refused) {
          assertThat(refused.code()).isIn("not_found", "outside_file_roots", "not_a_file");
        }
      }
    } finally {
      done.set(true);
      swapper.join();
    }
    assertThat(failed).hasValue(null);
    assertThat(open("file:a/b/data.csv").path()).hasContent("inside");
  }
}
