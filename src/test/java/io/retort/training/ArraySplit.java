package io.retort.training;

import io.retort.dataset.Split;
import java.io.IOException;
import java.nio.FloatBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;

/** Rows in plain arrays. */
record ArraySplit(float[][] rows, int[] labels) implements Split {

  /** A CSV of numbers whose last column is an integral label. */
  static ArraySplit csv(Path file) throws IOException {
    List<String> lines = Files.readAllLines(file);
    float[][] rows = new float[lines.size() - 1][];
    int[] labels = new int[rows.length];
    for (int i = 0; i < rows.length; i++) {
      String[] cells = lines.get(i + 1).split(",");
      rows[i] = new float[cells.length - 1];
      for (int c = 0; c < rows[i].length; c++) {
        rows[i][c] = Float.parseFloat(cells[c]);
      }
      labels[i] = Integer.parseInt(cells[cells.length - 1]);
    }
    return new ArraySplit(rows, labels);
  }

  /** Gaussian blobs, one a class, that overlap a little. */
  static ArraySplit blobs(int rows, int columns, int classes, long seed) {
    SplittableRandom centres = new SplittableRandom(99);
    float[][] centre = new float[classes][columns];
    for (float[] c : centre) {
      for (int j = 0; j < columns; j++) {
        c[j] = (float) centres.nextGaussian();
      }
    }
    SplittableRandom random = new SplittableRandom(seed);
    float[][] x = new float[rows][columns];
    int[] y = new int[rows];
    for (int i = 0; i < rows; i++) {
      y[i] = i % classes;
      for (int j = 0; j < columns; j++) {
        x[i][j] = centre[y[i]][j] + (float) (0.7 * random.nextGaussian());
      }
    }
    return new ArraySplit(x, y);
  }

  ArraySplit part(int from, int to) {
    return new ArraySplit(Arrays.copyOfRange(rows, from, to), Arrays.copyOfRange(labels, from, to));
  }

  @Override
  public int size() {
    return rows.length;
  }

  @Override
  public int columns() {
    return rows[0].length;
  }

  @Override
  public void gather(int[] positions, int from, int count, FloatBuffer into) {
    for (int i = 0; i < count; i++) {
      into.put(i * columns(), rows[positions[from + i]]);
    }
  }

  @Override
  public int label(int position) {
    return labels[position];
  }
}
