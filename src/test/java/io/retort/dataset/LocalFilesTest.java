package io.retort.dataset;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.retort.spec.Cancellation;
import java.io.IOException;
import java.io.InputStream;
import java.nio.channels.Channels;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** Somebody changes what lies under a file root while it is read. */
class LocalFilesTest {

  private static final String INSIDE = "inside";
  private static final String OUTSIDE = "outside";

  @TempDir Path directory;
  Path root;
  Path other;
  Path outside;
  LocalFiles files;

  @BeforeEach
  void writeFiles() throws IOException {
    root = Files.createDirectory(directory.resolve("root"));
    other = Files.createDirectory(directory.resolve("other"));
    outside = Files.createDirectory(directory.resolve("outside"));
    Files.createDirectory(root.resolve("a"));
    Files.writeString(Files.createDirectory(root.resolve("a/b")).resolve("x.csv"), INSIDE);
    Files.writeString(Files.createDirectory(outside.resolve("b")).resolve("x.csv"), OUTSIDE);
    Files.writeString(outside.resolve("x.csv"), OUTSIDE);
    files = new LocalFiles(List.of(root, other));
  }

  private LocalFiles.Found find(String uri) {
    return files.find(Location.of(uri, "/dataset/uri"));
  }

  private String read(LocalFiles.Found found) throws IOException {
    try (SeekableByteChannel channel = files.open(found);
        InputStream in = Channels.newInputStream(channel)) {
      return new String(in.readAllBytes(), UTF_8);
    }
  }

  /** Puts a link in the place of what lies under the root, which goes aside. */
  private void swap(String name, Path target) throws IOException {
    Path place = root.resolve(name);
    Files.move(place, directory.resolve("aside"));
    Files.createSymbolicLink(place, target);
  }

  private void swapBack(String name) throws IOException {
    Path place = root.resolve(name);
    Files.delete(place);
    Files.move(directory.resolve("aside"), place);
  }

  @Test
  void whatWasFoundIsRefusedOnceALinkStandsInItsPlace() throws Exception {
    LocalFiles.Found found = find("file:a/b/x.csv");
    assertThat(read(found)).isEqualTo(INSIDE);
    swap("a", outside);
    assertThatThrownBy(() -> read(found)).isInstanceOf(IOException.class);
    swapBack("a");
    swap("a/b", outside);
    assertThatThrownBy(() -> read(found)).isInstanceOf(IOException.class);
    swapBack("a/b");
    swap("a/b/x.csv", outside.resolve("x.csv"));
    assertThatThrownBy(() -> read(found)).isInstanceOf(IOException.class);
    swapBack("a/b/x.csv");
    assertThat(read(found)).isEqualTo(INSIDE);
  }

  @Test
  void noneOfAThousandOpeningsInARaceReadsBytesFromOutside() throws Exception {
    AtomicBoolean over = new AtomicBoolean();
    ExecutorService attacker = Executors.newSingleThreadExecutor();
    Future<?> swaps =
        attacker.submit(
            () -> {
              while (!over.get()) {
                swap("a", outside);
                swapBack("a");
              }
              return null;
            });
    int opened = 0;
    int refused = 0;
    try {
      while (opened < 1_000 || refused == 0) {
        try {
          assertThat(read(find("file:a/b/x.csv"))).isEqualTo(INSIDE);
          opened++;
        } catch (DatasetException | IOException e) {
          refused++;
        }
      }
    } finally {
      over.set(true);
      swaps.get();
      attacker.shutdown();
    }
  }

  private void pipe(Path place) throws Exception {
    assertThat(new ProcessBuilder("mkfifo", place.toString()).start().waitFor()).isZero();
  }

  @Test
  @DisabledOnOs(OS.WINDOWS)
  void aPipeOrDirectoryInAFilesPlaceIsNotOpened() throws Exception {
    LocalFiles.Found found = find("file:a/b/x.csv");
    Path place = root.resolve("a/b/x.csv");
    Files.delete(place);
    pipe(place);
    assertThatThrownBy(() -> read(found)).hasMessageContaining("no file any more");
    Files.delete(place);
    Files.createDirectory(place);
    assertThatThrownBy(() -> read(found)).hasMessageContaining("no file any more");
  }

  /** Java would wait in opening it until somebody writes. */
  @Test
  @DisabledOnOs(OS.WINDOWS)
  void aPipeInADirectorysPlaceHoldsNobody() throws Exception {
    LocalFiles.Found found = find("file:a/b/x.csv");
    Files.move(root.resolve("a/b"), directory.resolve("aside"));
    pipe(root.resolve("a/b"));
    files = new LocalFiles(List.of(root, other), new TimedOpening(Duration.ofMillis(100), 2));
    for (int i = 0; i < 2; i++) {
      assertThatThrownBy(() -> read(found)).hasMessageContaining("does not open");
    }
    assertThatThrownBy(() -> read(found)).hasMessageContaining("too many");
    // whoever writes to the pipe wakes them, and files can be opened again
    new ProcessBuilder("sh", "-c", "exec true > " + root.resolve("a/b")).start().waitFor();
    swapBack("a/b");
    while (true) {
      try {
        assertThat(read(found)).isEqualTo(INSIDE);
        return;
      } catch (IOException stillStuck) {
        Thread.sleep(10);
      }
    }
  }

  /** Between the look at a file and its opening, if ever. */
  @Test
  @DisabledOnOs(OS.WINDOWS)
  void aPipeThatComesAndGoesHoldsNobody() throws Exception {
    Path place = root.resolve("a/b/x.csv");
    Path pipe = directory.resolve("pipe");
    pipe(pipe);
    Path file = directory.resolve("file");
    files = new LocalFiles(List.of(root, other), new TimedOpening(Duration.ofMillis(50), 4));
    AtomicBoolean over = new AtomicBoolean();
    ExecutorService attacker = Executors.newSingleThreadExecutor();
    Future<?> swaps =
        attacker.submit(
            () -> {
              while (!over.get()) {
                Files.move(place, file);
                Files.move(pipe, place);
                Files.move(place, pipe);
                Files.move(file, place);
              }
              return null;
            });
    try {
      for (int i = 0; i < 300; i++) {
        try {
          assertThat(read(find("file:a/b/x.csv"))).isEqualTo(INSIDE);
        } catch (DatasetException | IOException refused) {
          // which is what it should be
        }
      }
    } finally {
      over.set(true);
      swaps.get();
      attacker.shutdown();
    }
  }

  @Test
  void linksMayLeadToOtherPlacesUnderTheRoots() throws Exception {
    Files.writeString(other.resolve("y.csv"), "other");
    Files.createSymbolicLink(root.resolve("near"), root.resolve("a/b"));
    Files.createSymbolicLink(root.resolve("far.csv"), other.resolve("y.csv"));
    assertThat(read(find("file:near/x.csv"))).isEqualTo(INSIDE);
    assertThat(read(find("file:far.csv"))).isEqualTo("other");
    Path linked = Files.createSymbolicLink(directory.resolve("linked"), root);
    files = new LocalFiles(List.of(linked));
    assertThat(read(find("file:a/b/x.csv"))).isEqualTo(INSIDE);
  }

  @Test
  void aFileThatChangesWhileItIsReadIsNotStored() throws Exception {
    Path file = root.resolve("a/b/x.csv");
    Location location = Location.of("file:a/b/x.csv", "/dataset/uri");
    try (LocalFile open = new LocalFile(files.open(files.find(location)), "x.csv", location, 100)) {
      String hash = open.sha256(Cancellation.NONE);
      SourceFile copy = open.file(directory, Cancellation.NONE);
      assertThat(copy.sha256(Cancellation.NONE)).isEqualTo(hash);
      assertThat(copy.path()).hasParentRaw(directory);

      Files.writeString(file, "others");
      assertThat(copy.path()).hasContent(INSIDE);
      assertThat(
              catchThrowableOfType(
                  DatasetException.class, () -> open.file(directory, Cancellation.NONE)))
          .extracting(DatasetException::code)
          .isEqualTo("file_changed");

      Files.writeString(file, "x".repeat(101), StandardOpenOption.APPEND);
      assertThat(catchThrowableOfType(DatasetException.class, () -> open.sha256(Cancellation.NONE)))
          .extracting(DatasetException::code)
          .isEqualTo("too_large");
    }
  }

  @Test
  void preparingLeavesNoCopyBehind() throws Exception {
    TestFiles data = new TestFiles(directory.resolve("service"));
    String uri = data.text("t.csv", TestFiles.csv(40));
    String first = data.prepare(uri).info().fingerprint();
    assertThat(data.prepare(uri).info().fingerprint()).isEqualTo(first);
    try (Stream<Path> left = Files.list(data.root.resolve("tmp"))) {
      assertThat(left).isEmpty();
    }
    try (Stream<Path> stores = Files.list(data.root.resolve("store"))) {
      assertThat(stores).hasSize(1);
    }
  }
}
