package io.retort.dataset;

import io.retort.spec.Cancellation;
import io.retort.spec.DataFormat;
import io.retort.spec.DatasetSpec;
import java.io.IOException;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.UUID;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Reads a file into a store, once: the same bytes read in the same way are found again. */
final class Ingest {

  private static final Duration ABANDONED = Duration.ofDays(1);

  private final Path stores;
  private final Path temporary;
  private final Sources sources;
  private final DatasetLimits limits;

  Ingest(Path root, Sources sources, DatasetLimits limits) {
    this.stores = root.resolve("store");
    this.temporary = root.resolve("tmp");
    this.sources = sources;
    this.limits = limits;
  }

  /**
   * @param pointer of the URI's field
   */
  RowStore store(DatasetSpec spec, String pointer, Cancellation cancellation) {
    return read(ReadAs.of(spec), Location.of(spec.uri(), pointer), cancellation);
  }

  /**
   * Rows of numbers without labels.
   *
   * @param pointer of the URI's field
   */
  RowStore numbers(String uri, String pointer, Cancellation cancellation) {
    try {
      return read(ReadAs.NUMBERS, Location.ofFile(uri, pointer), cancellation);
    } catch (DatasetException e) {
      throw e.at(pointer);
    }
  }

  private RowStore read(ReadAs how, Location location, Cancellation cancellation) {
    try {
      Files.createDirectories(stores);
      Path work = temporary.resolve(UUID.randomUUID().toString());
      Files.createDirectories(work);
      try {
        return read(how, location, work, cancellation);
      } finally {
        delete(work);
      }
    } catch (IOException e) {
      throw DatasetException.storage(e);
    }
  }

  private RowStore read(ReadAs how, Location location, Path work, Cancellation cancellation)
      throws IOException {
    if (location.scheme().equals("sample")) {
      SampleName sample = SampleName.of(location);
      Path store = stores.resolve(StoreKey.of(sample));
      return open(
          store,
          () -> write(new Mnist1d(sample.seed()), DataFormat.CSV, store, work, cancellation));
    }
    try (Source data = sources.open(location, work, cancellation);
        Source labels = labels(how, work, cancellation)) {
      Path store = stores.resolve(StoreKey.of(data, labels, how, cancellation));
      return open(store, () -> make(store, data, labels, how, work, cancellation));
    }
  }

  private @Nullable Source labels(ReadAs how, Path work, Cancellation cancellation)
      throws IOException {
    return how.labels() == null
        ? null
        : sources.open(Location.of(how.labels(), "/dataset/labels"), work, cancellation);
  }

  private void make(
      Path store,
      Source data,
      @Nullable Source labels,
      ReadAs how,
      Path work,
      Cancellation cancellation)
      throws IOException {
    SourceFile file = data.file(work, cancellation);
    SourceFile beside = labels == null ? null : labels.file(work, cancellation);
    SourceFile plain = Gunzip.unpacked(file, work, limits.maxBytes(), cancellation);
    DataFormat format =
        how.format() == DataFormat.AUTO ? FormatGuess.of(plain.path(), plain.name()) : how.format();
    try (RowReader reader = reader(plain, beside, format, how, work, cancellation)) {
      write(reader, format, store, work, cancellation);
    }
  }

  private interface Making {
    void run() throws IOException;
  }

  /** A store that was long unused may be removed in the moment in which it is wanted again. */
  private static RowStore open(Path store, Making making) throws IOException {
    try {
      return openNow(store, making);
    } catch (NoSuchFileException removed) {
      return openNow(store, making);
    }
  }

  private static RowStore openNow(Path store, Making making) throws IOException {
    if (Files.exists(store)) {
      Files.setLastModifiedTime(store.resolve(RowStore.SCHEMA), FileTime.from(Instant.now()));
    } else {
      making.run();
    }
    return RowStore.open(store);
  }

  /**
   * Whoever reads one now reads on: its files are mapped, and removed by the last to close them.
   */
  int removeUnused(Instant since) throws IOException {
    int removed = 0;
    for (Path store : list(stores)) {
      Instant used = Files.getLastModifiedTime(store.resolve(RowStore.SCHEMA)).toInstant();
      if (used.isBefore(since)) {
        Path gone = Files.createDirectories(temporary).resolve(UUID.randomUUID().toString());
        Files.move(store, gone, StandardCopyOption.ATOMIC_MOVE);
        delete(gone);
        removed++;
      }
    }
    return removed;
  }

  private RowReader reader(
      SourceFile data,
      @Nullable SourceFile labels,
      DataFormat format,
      ReadAs how,
      Path work,
      Cancellation cancellation)
      throws IOException {
    boolean table =
        format == DataFormat.CSV || format == DataFormat.JSONL || format == DataFormat.PARQUET;
    if (table) {
      return TableReader.open(data, format, how, limits.maxColumns());
    }
    if (how.features() != null) {
      throw DatasetException.of(
          "no_column_names",
          "/dataset/features",
          "Columns of " + format + " files have no names to select by; leave features out.");
    }
    if (how.label() == null) {
      return numbers(data, format);
    }
    if (format == DataFormat.NPZ && labels == null) {
      NpzFile.Arrays arrays =
          NpzFile.unpack(data, how.label(), work, limits.maxBytes(), cancellation);
      SourceFile x = new SourceFile(arrays.features(), "features.npy", data.location());
      SourceFile y = new SourceFile(arrays.labels(), "labels.npy", data.location());
      return arrays(x, y);
    }
    if (labels == null) {
      throw DatasetException.of(
          "missing_labels",
          "/dataset/labels",
          "A file of " + format + " features holds no labels; give the URI of theirs.");
    }
    return arrays(data, Gunzip.unpacked(labels, work, limits.maxBytes(), cancellation));
  }

  private RowReader numbers(SourceFile data, DataFormat format) throws IOException {
    if (format == DataFormat.NPZ) {
      throw data.location()
          .problem(
              "unknown_format",
              "An NPZ archive may hold several arrays; save the one of soft targets with np.save.");
    }
    return arrays(data, null);
  }

  private RowReader arrays(SourceFile data, @Nullable SourceFile labels) throws IOException {
    BinaryArray x = array(data);
    try {
      BinaryArray y = labels == null ? null : array(labels);
      return new ArrayReader(x, y, data.location(), limits.maxColumns());
    } catch (RuntimeException | IOException e) {
      x.close();
      throw e;
    }
  }

  private static BinaryArray array(SourceFile file) throws IOException {
    DataFormat format = FormatGuess.of(file.path(), file.name());
    BinaryArray.Header header =
        format == DataFormat.NPY
            ? NpyHeader.read(file.path(), file.location())
            : IdxHeader.read(file.path(), file.location());
    return BinaryArray.open(file.path(), header, file.location());
  }

  /** A store appears whole, by one rename; a second writer of the same one changes nothing. */
  private void write(
      RowReader reader, DataFormat format, Path store, Path work, Cancellation cancellation)
      throws IOException {
    Path unfinished = Files.createDirectory(work.resolve("store"));
    new RowWriter(unfinished, limits, cancellation).write(reader, format);
    try {
      Files.move(unfinished, store, StandardCopyOption.ATOMIC_MOVE);
    } catch (AtomicMoveNotSupportedException e) {
      throw e;
    } catch (FileSystemException e) {
      if (!Files.exists(store)) {
        throw e;
      }
    }
  }

  /** Removes what a crash left behind; what is young may belong to another process. */
  void sweep() throws IOException {
    Instant old = Instant.now().minus(ABANDONED);
    for (Path directory : list(temporary)) {
      if (Files.getLastModifiedTime(directory).toInstant().isBefore(old)) {
        delete(directory);
      }
    }
  }

  private static List<Path> list(Path directory) throws IOException {
    if (!Files.exists(directory)) {
      return List.of();
    }
    try (Stream<Path> all = Files.list(directory)) {
      return all.toList();
    }
  }

  private static void delete(Path directory) throws IOException {
    try (Stream<Path> files = Files.walk(directory)) {
      for (Path p : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.deleteIfExists(p);
      }
    }
  }
}
