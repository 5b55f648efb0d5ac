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
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
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

  private static String read(LocalFiles.Found found) throws IOException {
    try (SeekableByteChannel channel = LocalFiles.open(found);
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
    try (LocalFile open =
        new LocalFile(LocalFiles.open(files.find(location)), "x.csv", location, 100)) {
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
