package io.retort.serving;

import io.retort.teacher.Teacher;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A model with the one thread that opens, runs and closes it: native threads and buffers belong to
 * whoever opened them.
 */
final class LoadedModel implements AutoCloseable {

  /** Requests that wait for it, at most; each holds a thread of the web server. */
  private static final int WAITING = 16;

  private final Supplier<Teacher> opener;
  private final ThreadPoolExecutor thread;
  private @Nullable Teacher teacher;

  LoadedModel(Supplier<Teacher> opener) {
    this.opener = opener;
    this.thread =
        new ThreadPoolExecutor(
            1,
            1,
            0,
            TimeUnit.SECONDS,
            new ArrayBlockingQueue<>(WAITING),
            task -> {
              Thread made = new Thread(task, "served-model");
              made.setDaemon(true);
              return made;
            });
  }

  /**
   * @param features {@code rows} rows, row-major
   * @return {@code rows} rows of logits
   */
  float[] logits(float[] features, int rows) {
    Future<float[]> answer;
    try {
      answer = thread.submit(() -> compute(features, rows));
    } catch (RejectedExecutionException e) {
      throw ServingException.busy("Too many requests wait for this model");
    }
    try {
      return answer.get();
    } catch (ExecutionException e) {
      if (e.getCause() instanceof RuntimeException failure) {
        throw failure;
      }
      throw new IllegalStateException(e.getCause());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw ServingException.busy("The service is shutting down");
    }
  }

  private float[] compute(float[] features, int rows) {
    try {
      if (teacher == null) {
        teacher = opener.get();
      }
      return compute(teacher, features, rows);
    } catch (RuntimeException | Error e) {
      // its process may have died; the next request opens it anew
      closeTeacher();
      throw e;
    }
  }

  private static float[] compute(Teacher teacher, float[] features, int rows) {
    int columns = teacher.columns();
    int classes = teacher.classes().size();
    int batch = Math.min(rows, teacher.maxBatch());
    FloatBuffer in = direct(batch * columns);
    FloatBuffer out = direct(batch * classes);
    float[] logits = new float[rows * classes];
    for (int from = 0; from < rows; from += batch) {
      int count = Math.min(batch, rows - from);
      in.put(0, features, from * columns, count * columns);
      teacher.compute(in, count, out, List.of());
      out.get(0, logits, from * classes, count * classes);
    }
    for (int i = 0; i < logits.length; i++) {
      if (!Float.isFinite(logits[i])) {
        throw ServingException.notFinite(i / classes);
      }
    }
    return logits;
  }

  private static FloatBuffer direct(int count) {
    return ByteBuffer.allocateDirect(Math.multiplyExact(count, Float.BYTES))
        .order(ByteOrder.nativeOrder())
        .asFloatBuffer();
  }

  private void closeTeacher() {
    Teacher open = teacher;
    teacher = null;
    if (open != null) {
      open.close();
    }
  }

  /** To be called once nobody uses it. */
  @Override
  public void close() {
    thread.execute(this::closeTeacher);
    thread.shutdown();
  }
}
