package io.retort.dataset;

import io.retort.spec.Cancellation;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.zip.CRC32;
import java.util.zip.ZipEntry;
import java.util.zip.ZipException;
import java.util.zip.ZipFile;

/** Finds features and labels in a NumPy archive and unpacks just these two. */
final class NpzFile {

  private static final String SUFFIX = ".npy";
  private static final int MAX_ARRAYS = 1_000;
  private static final int CHUNK = 1 << 17;
  private static final List<String> FEATURES =
      List.of("x", "X", "features", "data", "images", "x_train", "arr_0");
  private static final List<String> LABELS =
      List.of("y", "Y", "labels", "target", "targets", "y_train", "arr_1");

  private NpzFile() {}

  /** The two arrays as files of their own. */
  record Arrays(Path features, Path labels) {}

  /**
   * @param label the label array's name; where there is none of that name, a customary one
   */
  static Arrays unpack(
      SourceFile source, String label, Path temporary, long maxBytes, Cancellation cancellation)
      throws IOException {
    try (ZipFile zip = new ZipFile(source.path().toFile())) {
      List<String> names = names(zip, source);
      String labels = pick(names, label, LABELS, "labels", source);
      List<String> others = names.stream().filter(n -> !n.equals(labels)).toList();
      String features =
          others.size() == 1
              ? others.get(0)
              : pick(others, "features", FEATURES, "features", source);
      return new Arrays(
          extract(zip, features, source, temporary, maxBytes, cancellation),
          extract(zip, labels, source, temporary, maxBytes, cancellation));
    } catch (ZipException | EOFException e) {
      throw damaged(source);
    }
  }

  private static List<String> names(ZipFile zip, SourceFile source) {
    if (zip.size() > MAX_ARRAYS) {
      throw source.location().problem("bad_archive", "The archive has too many entries.");
    }
    List<String> names = new ArrayList<>();
    zip.stream()
        .map(ZipEntry::getName)
        .filter(n -> n.endsWith(SUFFIX))
        .forEach(n -> names.add(n.substring(0, n.length() - SUFFIX.length())));
    if (names.isEmpty()) {
      throw source
          .location()
          .problem(
              "bad_archive",
              "The zip holds no arrays of NumPy; unpack other files, or gzip them singly.");
    }
    if (names.size() < 2) {
      throw source
          .location()
          .problem(
              "bad_archive",
              "The archive needs two arrays, features and labels; it has: "
                  + Shorten.names(names)
                  + ".");
    }
    return names;
  }

  private static String pick(
      List<String> names, String wanted, List<String> customary, String what, SourceFile source) {
    Optional<String> found =
        names.contains(wanted)
            ? Optional.of(wanted)
            : customary.stream().filter(names::contains).findFirst();
    return found.orElseThrow(
        () ->
            DatasetException.of(
                "missing_label_column",
                what.equals("labels") ? "/dataset/label" : source.location().pointer(),
                "The archive has no array of "
                    + what
                    + " among "
                    + Shorten.names(names)
                    + "; name the labels in dataset.label, and call the features `x`."));
  }

  private static Path extract(
      ZipFile zip,
      String name,
      SourceFile source,
      Path temporary,
      long maxBytes,
      Cancellation cancellation)
      throws IOException {
    Path file = Files.createTempFile(temporary, "array", SUFFIX);
    byte[] chunk = new byte[CHUNK];
    long total = 0;
    ZipEntry entry = zip.getEntry(name + SUFFIX);
    CRC32 checksum = new CRC32();
    try (InputStream in = zip.getInputStream(entry);
        OutputStream out = Files.newOutputStream(file)) {
      for (int n = in.read(chunk); n >= 0; n = in.read(chunk)) {
        cancellation.check();
        total += n;
        if (total > maxBytes) {
          throw source
              .location()
              .problem(
                  "too_large", "The archive unpacks to more than %,d bytes.".formatted(maxBytes));
        }
        checksum.update(chunk, 0, n);
        out.write(chunk, 0, n);
      }
    }
    if (checksum.getValue() != entry.getCrc()) {
      throw damaged(source);
    }
    return file;
  }

  private static DatasetException damaged(SourceFile source) {
    return source
        .location()
        .problem(
            "bad_archive",
            "The NPZ file is damaged or ends too early: it is no readable zip archive.");
  }
}
