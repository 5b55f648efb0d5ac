package io.retort.teacher;

import io.retort.spec.Cancellation;
import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** A teacher on another server: every batch becomes several requests that are made at once. */
public final class RemoteTeacher implements Teacher {

  private static final long LOOK_MILLIS = 200;

  private final RemoteReading reading;
  private final RemoteCalls calls;
  private final Cancellation cancellation;
  private final int batchSize;
  private final ExecutorService requests;

  private RemoteTeacher(RemoteReading reading, RemoteCalls calls, Cancellation cancellation) {
    this.reading = reading;
    this.calls = calls;
    this.cancellation = cancellation;
    this.batchSize = calls.endpoint().batchSize();
    this.requests =
        Executors.newFixedThreadPool(
            calls.endpoint().inFlight(),
            task -> {
              Thread thread = new Thread(task, "remote-teacher");
              thread.setDaemon(true);
              return thread;
            });
  }

  /**
   * @param cancellation looked at while the server is waited for
   */
  public static RemoteTeacher open(RemoteReading reading, Cancellation cancellation) {
    return open(reading, Patience.LABELLING, cancellation);
  }

  static RemoteTeacher open(RemoteReading reading, Patience patience, Cancellation cancellation) {
    return new RemoteTeacher(reading, reading.calls().with(patience), cancellation);
  }

  @Override
  public List<String> classes() {
    return reading.classes();
  }

  /**
   * Over everything that the server says of itself. A server that changes its numbers under the
   * same version cannot be noticed.
   */
  @Override
  public String fingerprint() {
    return reading.fingerprint();
  }

  @Override
  public int columns() {
    return reading.columns();
  }

  @Override
  public int maxBatch() {
    return batchSize * calls.endpoint().inFlight();
  }

  @Override
  public void compute(FloatBuffer features, int rows, FloatBuffer logits, List<FloatBuffer> taps) {
    List<Future<float[]>> answers = new ArrayList<>();
    try {
      for (int from = 0; from < rows; from += batchSize) {
        int count = Math.min(batchSize, rows - from);
        float[] part = new float[count * columns()];
        features.get(from * columns(), part);
        answers.add(
            requests.submit(() -> reading.rows().compute(calls, part, count, reading.width())));
      }
      FloatBuffer all = FloatBuffer.allocate(rows * reading.width());
      for (Future<float[]> answer : answers) {
        all.put(await(answer));
      }
      LogitForm.convert(reading.kind(), reading.width(), all, rows, logits);
    } finally {
      answers.forEach(answer -> answer.cancel(true));
    }
  }

  private float[] await(Future<float[]> answer) {
    while (true) {
      cancellation.check();
      try {
        return answer.get(LOOK_MILLIS, TimeUnit.MILLISECONDS);
      } catch (TimeoutException e) {
        // looks whether the job was cancelled, and waits on
      } catch (ExecutionException e) {
        if (e.getCause() instanceof RuntimeException failure) {
          throw failure;
        }
        throw new IllegalStateException(e.getCause());
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new Cancellation.CancelledException();
      }
    }
  }

  @Override
  public void close() {
    requests.shutdownNow();
  }
}
