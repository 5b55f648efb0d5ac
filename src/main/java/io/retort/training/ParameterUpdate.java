package io.retort.training;

import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/**
 * One pass of an optimiser over native parameters and gradients. Pieces are copied to the heap and
 * back: loops over arrays are vectorised, loops over native buffers are not, and copying within the
 * processor's first cache costs next to nothing. Large networks are shared out over threads; every
 * parameter is moved on its own, so that the result is the same for any number of them.
 */
final class ParameterUpdate implements AutoCloseable {

  /** Parameters of a share from which on waking a thread pays. */
  private static final int WORTH_A_THREAD = 200_000;

  private final Optimizer optimizer;
  private final List<Share> others = new ArrayList<>();
  private final Share own;
  private final ExecutorService threads;

  /**
   * @param allowed threads, at most, the calling one included
   */
  ParameterUpdate(
      Optimizer optimizer, FlatParameters parameters, FlatParameters gradients, int allowed) {
    this.optimizer = optimizer;
    int size = parameters.trainedCount();
    int pieces = (size + Optimizer.PIECE - 1) / Optimizer.PIECE;
    int shares = Math.max(1, Math.min(allowed, size / WORTH_A_THREAD));
    List<Share> all = new ArrayList<>();
    for (int s = 0; s < shares; s++) {
      int from = pieces * s / shares;
      int to = pieces * (s + 1) / shares;
      all.add(new Share(parameters.floats(), gradients.floats(), size, from, to));
    }
    this.own = all.get(0);
    this.others.addAll(all.subList(1, shares));
    this.threads =
        Executors.newFixedThreadPool(
            Math.max(1, shares - 1), DaemonThreads.named("update")); // started only when needed
  }

  /** Some consecutive pieces of the vectors. */
  private final class Share implements Runnable {
    private final FloatBuffer parameters;
    private final FloatBuffer gradients;
    private final int size;
    private final int from;
    private final int to;
    private final float[] values = new float[Optimizer.PIECE];
    private final float[] slopes = new float[Optimizer.PIECE];

    Share(FloatBuffer parameters, FloatBuffer gradients, int size, int from, int to) {
      this.parameters = parameters;
      this.gradients = gradients;
      this.size = size;
      this.from = from;
      this.to = to;
    }

    @Override
    public void run() {
      for (int piece = from; piece < to; piece++) {
        int first = piece * Optimizer.PIECE;
        int count = Math.min(Optimizer.PIECE, size - first);
        parameters.get(first, values, 0, count);
        gradients.get(first, slopes, 0, count);
        optimizer.move(values, slopes, piece, count);
        parameters.put(first, values, 0, count);
      }
    }
  }

  Optimizer optimizer() {
    return optimizer;
  }

  void step(double learningRate) {
    optimizer.begin(learningRate);
    if (others.isEmpty()) {
      own.run();
      return;
    }
    List<Future<?>> running = new ArrayList<>(others.size());
    for (Share share : others) {
      running.add(threads.submit(share));
    }
    own.run();
    running.forEach(ParameterUpdate::await);
  }

  private static void await(Future<?> share) {
    boolean interrupted = false;
    try {
      while (true) {
        try {
          share.get();
          return;
        } catch (InterruptedException e) {
          interrupted = true; // the vectors must be whole before anybody looks at them
        }
      }
    } catch (ExecutionException e) {
      throw new IllegalStateException("a part of the update failed", e.getCause());
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  @Override
  public void close() {
    threads.shutdown();
  }
}
