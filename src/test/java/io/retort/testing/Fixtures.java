package io.retort.testing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URISyntaxException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;

/** The models that other frameworks made (src/test/resources/models/make.py), and their rows. */
public final class Fixtures {

  private Fixtures() {}

  public static Path file(String name) {
    try {
      return Path.of(Fixtures.class.getResource("/models/" + name).toURI());
    } catch (URISyntaxException e) {
      throw new AssertionError(e);
    }
  }

  public static byte[] bytes(String name) {
    try {
      return Files.readAllBytes(file(name));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Features of the first rows, six a row, row-major. */
  public static float[] features(int rows) {
    return numbers("rows.csv", 1, rows, 6);
  }

  /** Token ids and masks for the first rows, four of each a row. */
  public static float[] tokens(int rows) {
    return numbers("rows-tokens.csv", 1, rows, 8);
  }

  /** The rows' labels, three numbers a row, of which one is 1. */
  public static float[] oneHot(int rows) {
    float[] all = numbers("rows.csv", 1, rows, 7);
    float[] hot = new float[rows * 3];
    for (int r = 0; r < rows; r++) {
      hot[r * 3 + (int) all[r * 7 + 6]] = 1;
    }
    return hot;
  }

  /** What the model's own framework says of the first 100 rows, row-major. */
  public static float[] expected(String model) {
    return numbers(model + ".expected.csv", 0, 100, 99);
  }

  private static float[] numbers(String file, int skip, int rows, int columns) {
    try {
      double[] all =
          Files.readAllLines(file(file)).stream()
              .skip(skip)
              .limit(rows)
              .flatMap(line -> Arrays.stream(line.split(",")).limit(columns))
              .mapToDouble(Double::parseDouble)
              .toArray();
      float[] floats = new float[all.length];
      for (int i = 0; i < all.length; i++) {
        floats[i] = (float) all[i];
      }
      return floats;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  public static FloatBuffer direct(float... values) {
    return ByteBuffer.allocateDirect(values.length * Float.BYTES)
        .order(ByteOrder.nativeOrder())
        .asFloatBuffer()
        .put(0, values);
  }
}
