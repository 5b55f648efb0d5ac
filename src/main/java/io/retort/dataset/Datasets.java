package io.retort.dataset;

import io.retort.outgoing.Outgoing;
import io.retort.spec.Cancellation;
import io.retort.spec.DatasetSpec;
import io.retort.spec.PartSpec;
import io.retort.spec.Sha256;
import io.retort.spec.SplitSpec;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.FloatBuffer;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** Opens datasets; one instance serves all jobs of a process, side by side. */
public final class Datasets {

  private static final int PREVIEW_ROWS = 100;

  private final Sources sources;
  private final Ingest ingest;

  /**
   * @param root a directory of this class's own, on the disk that has room for the data
   * @param fileRoots directories that {@code file:} may read
   */
  public Datasets(
      Path root,
      DatasetLimits limits,
      List<Path> fileRoots,
      Outgoing outgoing,
      UploadedDatasets uploads) {
    this.sources =
        new Sources(new LocalFiles(fileRoots), new Download(outgoing), uploads, limits.maxBytes());
    this.ingest = new Ingest(root, sources, limits);
  }

  /** Removes what a crash left behind more than a day ago. */
  public void sweep() {
    try {
      ingest.sweep();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Removes prepared data that no job has read since a time; answers how many stores. */
  public int removeUnused(Instant since) {
    try {
      return ingest.removeUnused(since);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * What can be said of a dataset at once: no file is read, no host is asked.
   *
   * @throws DatasetException for an unknown scheme or upload, a file that is missing, empty, too
   *     large or outside the roots
   */
  public void check(DatasetSpec spec) {
    sources.check(Location.of(spec.uri(), "/dataset/uri"));
    if (spec.labels() != null) {
      sources.check(Location.of(spec.labels(), "/dataset/labels"));
    }
    check(spec.validation(), "/dataset/validation");
    check(spec.test(), "/dataset/test");
  }

  private void check(@Nullable PartSpec part, String pointer) {
    if (part != null) {
      sources.check(Location.of(part.uri(), pointer + "/uri"));
      if (part.labels() != null) {
        sources.check(Location.of(part.labels(), pointer + "/labels"));
      }
    }
  }

  /**
   * Fetches, reads and splits a dataset; what was read before in the same way is not read again.
   *
   * @throws DatasetException where any of it is at fault
   */
  public PreparedDataset prepare(DatasetSpec spec, Cancellation cancellation) {
    RowStore main = ingest.store(spec, "/dataset/uri", cancellation);
    StoredSchema schema = main.schema();
    List<RowStore> stores = new ArrayList<>(List.of(main));
    RowStore validation = part(spec, spec.validation(), "/dataset/validation", cancellation);
    RowStore test = part(spec, spec.test(), "/dataset/test", cancellation);
    SplitSpec split = spec.split();
    Partition partition =
        Partition.of(
            main::label,
            schema.classCounts().stream().mapToInt(Integer::intValue).toArray(),
            validation == null ? split.validation() : 0,
            test == null ? split.test() : 0,
            split.seed());
    int[] same = IntStream.range(0, schema.classes().size()).toArray();
    Split train = new StoredSplit(main, partition.train(), same);
    Split forValidation =
        validation == null
            ? new StoredSplit(main, partition.validation(), same)
            : PartMatch.whole(validation, schema, "/dataset/validation");
    Split forTest =
        test == null
            ? new StoredSplit(main, partition.test(), same)
            : PartMatch.whole(test, schema, "/dataset/test");
    checkNotEmpty(train, forValidation, forTest, schema.rows());
    for (RowStore part : Arrays.asList(validation, test)) {
      if (part != null) {
        stores.add(part);
      }
    }
    return new PreparedDataset(info(spec, stores), train, forValidation, forTest);
  }

  private @Nullable RowStore part(
      DatasetSpec spec, @Nullable PartSpec part, String pointer, Cancellation cancellation) {
    if (part == null) {
      return null;
    }
    DatasetSpec own =
        new DatasetSpec(
            part.uri(),
            part.format(),
            spec.label(),
            spec.features(),
            null,
            part.labels(),
            false,
            spec.split(),
            null,
            null);
    try {
      return ingest.store(own, pointer + "/uri", cancellation);
    } catch (DatasetException e) {
      throw e.inPart(pointer);
    }
  }

  private static void checkNotEmpty(Split train, Split validation, Split test, int rows) {
    String empty =
        train.size() == 0
            ? "training"
            : validation.size() == 0 ? "validation" : test.size() == 0 ? "test" : "";
    if (!empty.isEmpty()) {
      throw DatasetException.of(
          "empty_part",
          "/dataset/split",
          ("The %s part would be empty: %,d rows are too few for these fractions,"
                  + " as every class keeps a row to be learned from.")
              .formatted(empty, rows));
    }
  }

  private static DatasetInfo info(DatasetSpec spec, List<RowStore> stores) {
    StoredSchema schema = stores.get(0).schema();
    int[] counts = new int[schema.classes().size()];
    int rows = 0;
    List<String> fingerprints = new ArrayList<>();
    for (RowStore store : stores) {
      StoredSchema part = store.schema();
      rows = Math.addExact(rows, part.rows());
      fingerprints.add(part.fingerprint());
      for (int c = 0; c < part.classes().size(); c++) {
        counts[schema.classes().indexOf(part.classes().get(c))] += part.classCounts().get(c);
      }
    }
    return new DatasetInfo(
        stores.size() == 1 ? fingerprints.get(0) : Sha256.of(String.join("\n", fingerprints)),
        schema.format(),
        rows,
        schema.features(),
        shape(spec, schema),
        schema.classes(),
        Arrays.stream(counts).boxed().toList());
  }

  private static List<Integer> shape(DatasetSpec spec, StoredSchema schema) {
    List<Integer> asked = spec.shape();
    if (asked == null) {
      return schema.shape();
    }
    long product = asked.stream().mapToLong(Integer::longValue).reduce(1, (a, b) -> a * b);
    if (product != schema.features().size()) {
      throw DatasetException.of(
          "shape_mismatch",
          "/dataset/shape",
          "The shape %s makes %,d numbers a row, but the rows have %,d."
              .formatted(asked, product, schema.features().size()));
    }
    return asked;
  }

  /**
   * Reads a dataset for a first look.
   *
   * @param count rows to show, 1..100
   */
  public DatasetPreview preview(DatasetSpec spec, int count, Cancellation cancellation) {
    RowStore store = ingest.store(spec, "/dataset/uri", cancellation);
    DatasetInfo info = info(spec, List.of(store));
    int n = Math.min(Math.min(count, PREVIEW_ROWS), info.rows());
    FloatBuffer row = FloatBuffer.allocate(store.columns());
    List<List<Float>> rows = new ArrayList<>();
    List<String> labels = new ArrayList<>();
    for (int r = 0; r < n; r++) {
      store.read(r, row, 0);
      List<Float> values = new ArrayList<>();
      for (int c = 0; c < store.columns(); c++) {
        values.add(row.get(c));
      }
      rows.add(values);
      labels.add(info.classes().get(store.label(r)));
    }
    return new DatasetPreview(info, rows, labels);
  }
}
