package io.retort.targets;

import io.retort.dataset.Split;
import io.retort.spec.Cancellation;
import io.retort.teacher.SoftTargets;
import io.retort.teacher.Teacher;
import io.retort.teacher.TeacherException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.function.DoubleConsumer;

/**
 * Logits that only one job reads, as those of its student: a file of little-endian floats, [rows,
 * classes], read through a memory map.
 */
public final class SoftTargetFile implements SoftTargets {

  private final int size;
  private final int classes;
  private final MappedFloats floats;

  private SoftTargetFile(int size, int classes, MappedFloats floats) {
    this.size = size;
    this.classes = classes;
    this.floats = floats;
  }

  /**
   * Runs a network once over a part and keeps its raw logits.
   *
   * @param file appears whole or not at all
   * @param progress told the share of rows that is done, 0..1
   * @throws TeacherException where logits are not finite or cannot be written
   */
  public static SoftTargets label(
      Teacher teacher, Split part, Path file, Cancellation cancellation, DoubleConsumer progress) {
    Path unfinished = file.resolveSibling(file.getFileName() + ".part");
    try {
      try (FileChannel out =
          FileChannel.open(
              unfinished,
              StandardOpenOption.CREATE,
              StandardOpenOption.TRUNCATE_EXISTING,
              StandardOpenOption.WRITE)) {
        write(teacher, part, out, cancellation, progress);
      }
      Files.move(unfinished, file, StandardCopyOption.ATOMIC_MOVE);
      return new SoftTargetFile(
          part.size(), teacher.classes().size(), MappedFloats.of(file, teacher.classes().size()));
    } catch (IOException e) {
      throw TeacherException.notStored(e);
    }
  }

  private static void write(
      Teacher teacher,
      Split part,
      FileChannel out,
      Cancellation cancellation,
      DoubleConsumer progress)
      throws IOException {
    int classes = teacher.classes().size();
    int batch = Math.min(teacher.maxBatch(), part.size());
    int[] positions = new int[batch];
    FloatBuffer features = direct(batch * part.columns()).asFloatBuffer();
    ByteBuffer bytes = direct(batch * classes);
    FloatBuffer logits = bytes.asFloatBuffer();
    for (int from = 0; from < part.size(); from += batch) {
      cancellation.check();
      int count = Math.min(batch, part.size() - from);
      for (int i = 0; i < count; i++) {
        positions[i] = from + i;
      }
      part.gather(positions, 0, count, features);
      teacher.logits(features, count, logits);
      checkFinite(logits, count, classes, from);
      bytes.clear().limit(count * classes * Float.BYTES);
      while (bytes.hasRemaining()) {
        out.write(bytes);
      }
      progress.accept((double) (from + count) / part.size());
    }
  }

  private static void checkFinite(FloatBuffer logits, int rows, int classes, int first) {
    for (int i = 0; i < rows * classes; i++) {
      if (!Float.isFinite(logits.get(i))) {
        throw TeacherException.notFinite(first + i / classes);
      }
    }
  }

  private static ByteBuffer direct(int floats) {
    return ByteBuffer.allocateDirect(floats * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
  }

  @Override
  public int size() {
    return size;
  }

  @Override
  public int width() {
    return classes;
  }

  @Override
  public void gather(int[] positions, int from, int count, FloatBuffer into) {
    for (int i = 0; i < count; i++) {
      floats.read(positions[from + i], into, i * classes);
    }
  }

  /** The map goes with the garbage collector; the file belongs to the work directory's owner. */
  @Override
  public void close() {}
}
