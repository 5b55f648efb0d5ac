package io.retort.training.term;

/** Pooling and enlarging of maps as matrices from old positions to new ones. */
final class Resampling {

  private Resampling() {}

  /** Adaptive average pooling: window i covers floor(i n / m) up to ceil((i + 1) n / m). */
  static double[][] pooling(int height, int width, int newHeight, int newWidth) {
    double[][] rows = line(height, newHeight);
    double[][] columns = line(width, newWidth);
    double[][] weights = new double[height * width][newHeight * newWidth];
    for (int y = 0; y < height; y++) {
      for (int x = 0; x < width; x++) {
        for (int i = 0; i < newHeight; i++) {
          for (int j = 0; j < newWidth; j++) {
            weights[y * width + x][i * newWidth + j] = rows[y][i] * columns[x][j];
          }
        }
      }
    }
    return weights;
  }

  private static double[][] line(int from, int to) {
    double[][] weights = new double[from][to];
    for (int i = 0; i < to; i++) {
      int first = i * from / to;
      int end = ((i + 1) * from + to - 1) / to;
      for (int x = first; x < end; x++) {
        weights[x][i] = 1.0 / (end - first);
      }
    }
    return weights;
  }

  /** Nearest neighbour. */
  static double[][] enlarging(int height, int width, int newHeight, int newWidth) {
    double[][] weights = new double[height * width][newHeight * newWidth];
    for (int y = 0; y < newHeight; y++) {
      for (int x = 0; x < newWidth; x++) {
        int from = (y * height / newHeight) * width + x * width / newWidth;
        weights[from][y * newWidth + x] = 1;
      }
    }
    return weights;
  }
}
