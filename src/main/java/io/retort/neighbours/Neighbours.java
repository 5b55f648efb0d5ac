package io.retort.neighbours;

import io.retort.spec.Cancellation;
import io.retort.teacher.SoftTargets;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.DoubleConsumer;
import org.apache.lucene.codecs.hnsw.DefaultFlatVectorScorer;
import org.apache.lucene.index.VectorSimilarityFunction;
import org.apache.lucene.search.ScoreDoc;
import org.apache.lucene.util.hnsw.HnswGraphBuilder;
import org.apache.lucene.util.hnsw.HnswGraphSearcher;
import org.apache.lucene.util.hnsw.OnHeapHnswGraph;
import org.apache.lucene.util.hnsw.RandomAccessVectorValues;
import org.apache.lucene.util.hnsw.RandomVectorScorerSupplier;

/**
 * The nearest other rows of each row by Euclidean distance, found in a hierarchical graph (Malkov
 * and Yashunin, 2018), so that some may be missed. The same vectors always give the same table.
 */
public final class Neighbours {

  /** Vectors are held on the heap while the table is made. */
  public static final long MOST_BYTES = 256L << 20;

  private static final int CONNECTIONS = 16;
  private static final int BEAM = 100;
  private static final long SEED = 1;
  private static final int NONE = -1;

  private final int k;
  private final int[] table;

  private Neighbours(int k, int[] table) {
    this.k = k;
    this.table = table;
  }

  /** Bytes of the vectors of so many rows. */
  public static long bytes(int rows, int width) {
    return (long) rows * width * Float.BYTES;
  }

  /**
   * @param vectors of all rows; no more than {@link #MOST_BYTES}
   * @param k of each row, where there are so many others
   * @param progress told the share of rows that is done, 0..1
   */
  public static Neighbours of(
      SoftTargets vectors, int k, Cancellation cancellation, DoubleConsumer progress) {
    try {
      return find(vectors, k, cancellation, progress);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Neighbours find(
      SoftTargets vectors, int k, Cancellation cancellation, DoubleConsumer progress)
      throws IOException {
    int rows = vectors.size();
    RandomAccessVectorValues values =
        RandomAccessVectorValues.fromFloats(read(vectors), vectors.width());
    RandomVectorScorerSupplier scorers =
        DefaultFlatVectorScorer.INSTANCE.getRandomVectorScorerSupplier(
            VectorSimilarityFunction.EUCLIDEAN, values);
    HnswGraphBuilder builder =
        HnswGraphBuilder.create(scorers, CONNECTIONS, Math.max(BEAM, 2 * k), SEED, rows);
    for (int row = 0; row < rows; row++) {
      cancellation.check();
      builder.addGraphNode(row);
      progress.accept(0.5 * row / rows);
    }
    OnHeapHnswGraph graph = builder.getCompletedGraph();
    int[] table = new int[Math.multiplyExact(rows, k)];
    Arrays.fill(table, NONE);
    for (int row = 0; row < rows; row++) {
      cancellation.check();
      ScoreDoc[] found =
          HnswGraphSearcher.search(
                  scorers.scorer(row), Math.max(BEAM, 2 * k), graph, null, Integer.MAX_VALUE)
              .topDocs()
              .scoreDocs;
      int next = 0;
      for (int i = 0; i < found.length && next < k; i++) {
        if (found[i].doc != row) {
          table[row * k + next++] = found[i].doc;
        }
      }
      progress.accept(0.5 + 0.5 * row / rows);
    }
    return new Neighbours(k, table);
  }

  private static List<float[]> read(SoftTargets vectors) {
    FloatBuffer row =
        ByteBuffer.allocateDirect(vectors.width() * Float.BYTES)
            .order(ByteOrder.nativeOrder())
            .asFloatBuffer();
    List<float[]> all = new ArrayList<>(vectors.size());
    for (int i = 0; i < vectors.size(); i++) {
      vectors.gather(new int[] {i}, 0, 1, row);
      float[] values = new float[vectors.width()];
      row.get(0, values);
      all.add(values);
    }
    return all;
  }

  /** Rows that have neighbours. */
  public int rows() {
    return table.length / k;
  }

  /** How many a row has at most. */
  public int k() {
    return k;
  }

  /**
   * A neighbour of a row.
   *
   * @param i from 0, the nearest one, to k - 1
   * @return its position; negative where the row has no more
   */
  public int of(int row, int i) {
    return table[row * k + i];
  }
}
