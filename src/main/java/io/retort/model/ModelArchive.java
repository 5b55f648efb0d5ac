package io.retort.model;

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

/** Unpacks a stranger's zip in memory: three known names, once each, up to a size. */
final class ModelArchive {

  private static final int MAX_DESCRIPTION = 16 << 20;
  private static final int MAX_CONTENT = 1 << 30;

  /**
   * Entries of numbers may be this many times as large as the file that holds them. They are
   * written unpacked, and even packed anew they hardly shrink: what unpacks to more is a bomb.
   */
  private static final int MAX_RATIO = 4;

  private ModelArchive() {}

  /** Whether the first entry is one of ours; what else is in the file is for {@link #read}. */
  static boolean looksLikeOne(Path file) throws IOException {
    try (InputStream in = Files.newInputStream(file);
        ZipInputStream zip = new ZipInputStream(in)) {
      ZipEntry first = zip.getNextEntry();
      return first != null
          && Set.of(ModelFiles.DESCRIPTION, ModelFiles.PARAMETERS, ModelFiles.SAME_DIFF)
              .contains(first.getName());
    } catch (ZipException | EOFException | IllegalArgumentException e) {
      return false;
    }
  }

  static Map<String, byte[]> read(Path file) throws IOException {
    Map<String, byte[]> entries = new HashMap<>();
    int most = (int) Math.min(MAX_CONTENT, MAX_RATIO * Files.size(file));
    try (InputStream in = Files.newInputStream(file);
        ZipInputStream zip = new ZipInputStream(in)) {
      for (ZipEntry e = zip.getNextEntry(); e != null; e = zip.getNextEntry()) {
        if (entries.put(e.getName(), content(zip, e.getName(), most)) != null) {
          throw ModelException.damaged("it has two entries of one name");
        }
      }
    } catch (ZipException | EOFException | IllegalArgumentException e) {
      throw ModelException.damaged("it ends too early or its zip structure is broken");
    }
    if (entries.isEmpty()) {
      throw ModelException.notAModel();
    }
    return entries;
  }

  private static byte[] content(ZipInputStream zip, String name, int most) throws IOException {
    int limit =
        switch (name) {
          case ModelFiles.DESCRIPTION -> MAX_DESCRIPTION;
          case ModelFiles.PARAMETERS, ModelFiles.SAME_DIFF -> most;
          default -> throw ModelException.notAModel();
        };
    if (name.equals(ModelFiles.SAME_DIFF)) {
      skip(zip, limit);
      return new byte[0];
    }
    byte[] content = zip.readNBytes(limit);
    if (zip.read() >= 0) {
      throw tooLarge(name);
    }
    return content;
  }

  private static void skip(ZipInputStream zip, int limit) throws IOException {
    byte[] chunk = new byte[1 << 16];
    long total = 0;
    for (int n = zip.read(chunk); n >= 0; n = zip.read(chunk)) {
      total += n;
      if (total > limit) {
        throw tooLarge(ModelFiles.SAME_DIFF);
      }
    }
  }

  private static ModelException tooLarge(String name) {
    return ModelException.damaged(name + " is larger than any model may be");
  }
}
