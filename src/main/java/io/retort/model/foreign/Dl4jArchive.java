package io.retort.model.foreign;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.zip.ZipEntry;
import java.util.zip.ZipException;
import java.util.zip.ZipInputStream;
import org.jspecify.annotations.Nullable;

/**
 * The two entries of a DL4J zip that are read. {@code preprocessor.bin} is a serialised Java object
 * and is refused unread, as is a normaliser, without which the network's numbers would be wrong.
 *
 * @param configuration the network as JSON
 * @param coefficients all its parameters as ND4J wrote them
 */
record Dl4jArchive(byte[] configuration, byte[] coefficients) {

  private static final String CONFIGURATION = "configuration.json";
  private static final String COEFFICIENTS = "coefficients.bin";

  /** Of no use to inference; skipped. */
  private static final Set<String> SKIPPED = Set.of("updaterState.bin", "noUpdaterState.bin");

  private static final int MAX_CONFIGURATION = 16 << 20;
  private static final int MAX_COEFFICIENTS = 1 << 30;

  /** Trained numbers hardly shrink; what unpacks to more is a bomb. */
  private static final int MAX_RATIO = 20;

  static Dl4jArchive read(Path file) throws IOException {
    Map<String, byte[]> entries = new HashMap<>();
    int most = (int) Math.min(MAX_COEFFICIENTS, MAX_RATIO * Files.size(file) + (1 << 16));
    try (InputStream in = Files.newInputStream(file);
        ZipInputStream zip = new ZipInputStream(in)) {
      for (ZipEntry e = zip.getNextEntry(); e != null; e = zip.getNextEntry()) {
        if (entries.put(e.getName(), content(zip, e.getName(), most)) != null) {
          throw ForeignModelException.damaged("it has two entries of one name");
        }
      }
    } catch (ZipException | EOFException | IllegalArgumentException e) {
      throw ForeignModelException.damaged("it ends too early or its zip structure is broken");
    }
    return new Dl4jArchive(entry(entries, CONFIGURATION), entry(entries, COEFFICIENTS));
  }

  private static byte[] content(ZipInputStream zip, String name, int most) throws IOException {
    if (name.equals("preprocessor.bin") || name.equals("normalizer.bin")) {
      throw ForeignModelException.unsupported(
          "The zip has a %s, which is not read; save the network without it and normalise the dataset."
              .formatted(name));
    }
    boolean read = name.equals(CONFIGURATION) || name.equals(COEFFICIENTS);
    if (!read && !SKIPPED.contains(name)) {
      throw ForeignModelException.unsupported(
          "The zip has an entry %s, which no DL4J network has.".formatted(Names.shown(name)));
    }
    int limit = name.equals(CONFIGURATION) ? MAX_CONFIGURATION : most;
    byte[] content = zip.readNBytes(limit);
    if (zip.read() >= 0) {
      throw ForeignModelException.damaged(name + " is larger than any network's may be");
    }
    return read ? content : new byte[0];
  }

  private static byte[] entry(Map<String, byte[]> entries, String name) {
    byte @Nullable [] content = entries.get(name);
    if (content == null) {
      throw ForeignModelException.damaged("it has no " + name);
    }
    return content;
  }
}
