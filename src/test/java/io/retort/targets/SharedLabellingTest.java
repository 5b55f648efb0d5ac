package io.retort.targets;

import static org.assertj.core.api.Assertions.assertThat;

import io.retort.engine.SharedTargetsOf;
import io.retort.spec.Cancellation;
import io.retort.teacher.Tap;
import io.retort.testing.S3Service;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Machines with a data directory each, which share a bucket of a real S3 service. */
class SharedLabellingTest {

  private static final String GROUP = "soft-targets/v1/t/logits-f32";

  @TempDir Path directory;
  private S3Service s3;
  private SharedTargets bucket;

  @BeforeEach
  void start() throws Exception {
    s3 = new S3Service(directory.resolve("s3"));
    bucket = SharedTargetsOf.bucket(s3);
  }

  @AfterEach
  void stop() throws Exception {
    s3.close();
  }

  private SoftTargetStore machine(String name) {
    return Stores.sharing(directory.resolve(name), bucket);
  }

  private List<Integer> asked(String machine, int from, int to) {
    CountingTeacher teacher = new CountingTeacher("t");
    Stores.check(machine(machine), teacher, NumberedRows.range(from, to));
    return teacher.asked;
  }

  @Test
  void whatOneMachineHasComputedNoOtherComputes() {
    assertThat(asked("one", 0, 100)).hasSize(100);
    assertThat(asked("two", 50, 150)).hasSize(50).doesNotContain(50, 99).contains(100, 149);
    assertThat(asked("one", 0, 150)).isEmpty();
    assertThat(asked("three", 140, 160)).hasSize(10);
    assertThat(objects(".claim")).isEmpty();
  }

  @Test
  void tapsAreSharedLikeLogits() {
    List<Tap> taps = List.of(new Tap("hidden", List.of(4)));
    CountingTeacher plain = new CountingTeacher("t");
    Stores.check(machine("one"), plain, NumberedRows.range(0, 20));
    CountingTeacher tapped = new CountingTeacher("t", taps, () -> {});
    Stores.check(machine("two"), tapped, NumberedRows.range(0, 20));
    assertThat(tapped.asked).as("the tap was unknown").hasSize(20);
    CountingTeacher again = new CountingTeacher("t", taps, () -> {});
    Stores.check(machine("three"), again, NumberedRows.range(0, 20));
    assertThat(again.asked).isEmpty();
  }

  @Test
  void machinesThatLabelAtOnceShareTheWork() {
    CountingTeacher one = slow();
    CountingTeacher two = slow();
    NumberedRows rows = NumberedRows.range(0, 2_000);
    CompletableFuture<Void> other =
        CompletableFuture.runAsync(() -> Stores.check(machine("two"), two, rows));
    Stores.check(machine("one"), one, rows);
    other.join();
    List<Integer> all = new ArrayList<>(one.asked);
    all.addAll(two.asked);
    assertThat(all).doesNotHaveDuplicates().hasSize(2_000);
    assertThat(one.asked).hasSizeGreaterThan(200);
    assertThat(two.asked).hasSizeGreaterThan(200);
  }

  private static CountingTeacher slow() {
    return new CountingTeacher("t", List.of(), () -> sleep(20));
  }

  @Test
  void aLabellingGoesOnWhileTheBucketIsAwayAndBringsItsRowsLater() throws Exception {
    AtomicInteger calls = new AtomicInteger();
    CountingTeacher teacher =
        new CountingTeacher(
            "t",
            List.of(),
            () -> {
              if (calls.incrementAndGet() == 20) {
                kill();
              }
            });
    Stores.check(machine("one"), teacher, NumberedRows.range(0, 800));
    assertThat(teacher.asked).hasSize(800).doesNotHaveDuplicates();
    int here = Stores.files(directory.resolve("one"), Segment.SUFFIX).size();
    assertThat(objects(Segment.SUFFIX)).hasSizeLessThan(here);
    s3.start();
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
    while (objects(Segment.SUFFIX).size() < here && System.nanoTime() < end) {
      sleep(100);
    }
    assertThat(asked("two", 0, 800)).isEmpty();
  }

  private void kill() {
    try {
      s3.kill();
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  /** As after its process was killed while the bucket was away. */
  @Test
  void whatAMachineHasLeftBehindIsBroughtByItsNextLabelling() throws IOException {
    Stores.check(Stores.in(directory.resolve("one")), new CountingTeacher("t"), rows(0, 40));
    for (Path file : Stores.files(directory.resolve("one"), Segment.SUFFIX)) {
      assertThat(file.toFile().setLastModified(System.currentTimeMillis() - 120_000)).isTrue();
    }
    assertThat(asked("one", 0, 40)).isEmpty();
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
    int here = Stores.files(directory.resolve("one"), Segment.SUFFIX).size();
    while (objects(Segment.SUFFIX).size() < here && System.nanoTime() < end) {
      sleep(50);
    }
    assertThat(asked("two", 0, 40)).isEmpty();
  }

  private static NumberedRows rows(int from, int to) {
    return NumberedRows.range(from, to);
  }

  @Test
  void anObjectThatIsNotAsItWasWrittenIsRemovedAndItsRowsComputed() throws IOException {
    assertThat(asked("one", 0, 8)).hasSize(8);
    Path object = objects(Segment.SUFFIX).get(0);
    byte[] intact = Files.readAllBytes(object);
    for (int at = 0; at < intact.length; at += 7) {
      byte[] changed = intact.clone();
      changed[at] ^= 4;
      Files.write(object, changed);
      assertThat(asked("changed" + at, 0, 8)).as("byte %d", at).hasSize(8);
      assertThat(object).doesNotExist();
      objects(Segment.SUFFIX).forEach(SharedLabellingTest::delete);
    }
    Path other = object.resolveSibling(UUID.randomUUID() + Segment.SUFFIX);
    for (int length : new int[] {0, 1, 47, 48, intact.length - 1, intact.length + 24}) {
      Files.write(other, new byte[length]);
      assertThat(asked("length" + length, 0, 8)).as("%d bytes", length).hasSize(8);
      assertThat(other).doesNotExist();
      objects(Segment.SUFFIX).forEach(SharedLabellingTest::delete);
    }
  }

  @Test
  void namesThatAreNoSegmentsAreLeftAlone() throws IOException {
    assertThat(asked("one", 0, 8)).hasSize(8);
    Path odd = s3.objects().resolve(GROUP).resolve("readme.segment");
    Files.writeString(odd, "hello");
    assertThat(asked("two", 0, 8)).isEmpty();
    assertThat(odd).exists();
    assertThat(Stores.files(directory.resolve("two"), "readme.segment")).isEmpty();
  }

  /** Of a machine that died: nobody signs it. */
  @Test
  void aClaimThatNobodySignsIsPassedOver() throws IOException {
    RowKeys keys = RowKeys.of(List.of(rows(0, 64)), Cancellation.NONE);
    ByteBuffer pairs = ByteBuffer.allocate(64 * SegmentHeader.KEY_BYTES);
    IntStream.range(0, 64).forEach(id -> pairs.putLong(keys.high(id)).putLong(keys.low(id)));
    bucket.put(
        "soft-targets/v1/t/claims-logits-f32/" + UUID.randomUUID() + ".claim", pairs.array());
    Duration silence = Duration.ofSeconds(3);
    CountingTeacher teacher = new CountingTeacher("t");
    long begun = System.nanoTime();
    Stores.check(Stores.sharing(directory.resolve("one"), bucket, silence), teacher, rows(0, 80));
    assertThat(Duration.ofNanos(System.nanoTime() - begun)).isGreaterThan(silence);
    List<Integer> asked = teacher.asked;
    assertThat(asked).hasSize(80).doesNotHaveDuplicates();
    assertThat(asked.subList(0, 16)).as("what is free goes first").allMatch(n -> n >= 64);
    assertThat(objects(".claim")).isEmpty();
  }

  @Test
  void groupsGoByAgeAndBySize() {
    Stores.check(machine("one"), new CountingTeacher("old"), rows(0, 100));
    sleep(1_100); // the bucket's clock counts seconds
    asked("one", 0, 100);
    SoftTargetStore store = machine("one");
    assertThat(store.removeShared(Instant.MIN, Long.MAX_VALUE)).isZero();
    assertThat(store.removeShared(Instant.now().minusSeconds(3_600), 3_000)).isEqualTo(1);
    assertThat(s3.objects().resolve(GROUP)).isNotEmptyDirectory();
    assertThat(objects(Segment.SUFFIX)).allMatch(p -> p.toString().contains("/t/"));
    assertThat(asked("two", 0, 100)).isEmpty();
    assertThat(store.removeShared(Instant.now().plusSeconds(60), Long.MAX_VALUE)).isEqualTo(1);
    assertThat(objects("")).isEmpty();
    assertThat(asked("one", 0, 100)).as("local copies are enough").isEmpty();
    assertThat(asked("three", 0, 100)).hasSize(100);
  }

  /** Below the soft targets' root. */
  private List<Path> objects(String suffix) {
    Path root = s3.objects().resolve("soft-targets");
    if (!Files.exists(root)) {
      return List.of();
    }
    return Stores.files(root, suffix).stream()
        .filter(Files::isRegularFile)
        .sorted(Comparator.naturalOrder())
        .toList();
  }

  private static void delete(Path file) {
    try {
      Files.deleteIfExists(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void sleep(long millis) {
    try {
      Thread.sleep(millis);
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }
}
