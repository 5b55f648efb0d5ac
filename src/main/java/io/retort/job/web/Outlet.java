package io.retort.job.web;

import jakarta.servlet.AsyncContext;
import jakarta.servlet.AsyncEvent;
import jakarta.servlet.AsyncListener;
import jakarta.servlet.ServletOutputStream;
import jakarta.servlet.WriteListener;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.springframework.http.MediaType;

/**
 * Where the messages of a stream go. It takes one only while its caller reads, and never waits: a
 * caller who reads slowly or not at all holds a connection, and no thread.
 */
final class Outlet implements WriteListener, AsyncListener {

  private final AsyncContext request;
  private final ServletOutputStream out;
  private Runnable takes = () -> {};
  private Runnable closed = () -> {};
  private boolean opened;
  private boolean ended;

  private Outlet(AsyncContext request, ServletOutputStream out) {
    this.request = request;
    this.out = out;
  }

  /**
   * Makes an answer of messages.
   *
   * @param longest after which it ends
   */
  static Outlet of(HttpServletRequest request, HttpServletResponse response, Duration longest)
      throws IOException {
    response.setContentType(MediaType.TEXT_EVENT_STREAM_VALUE);
    AsyncContext async = request.startAsync();
    async.setTimeout(longest.toMillis());
    Outlet outlet = new Outlet(async, response.getOutputStream());
    async.addListener(outlet);
    return outlet;
  }

  /**
   * Opens it.
   *
   * @param takes called when it takes messages, and again when it does after it did not
   * @param closed called when it will take none any more
   */
  void open(Runnable takes, Runnable closed) {
    this.takes = takes;
    this.closed = closed;
    out.setWriteListener(this);
  }

  /** False where it takes none now; {@code takes} is called when it does. */
  synchronized boolean put(String message) throws IOException {
    if (!isReady()) {
      return false;
    }
    out.write(message.getBytes(StandardCharsets.UTF_8));
    return true;
  }

  /** False where the caller has not yet taken all of it; {@code takes} is called when they have. */
  synchronized boolean flush() throws IOException {
    if (!isReady()) {
      return false;
    }
    out.flush();
    return isReady();
  }

  private boolean isReady() {
    return opened && !ended && out.isReady();
  }

  void end() {
    synchronized (this) {
      if (ended) {
        return;
      }
      ended = true;
    }
    request.complete();
  }

  @Override
  public void onWritePossible() {
    synchronized (this) {
      opened = true;
    }
    takes.run();
  }

  /** {@link #onError(AsyncEvent)} follows. */
  @Override
  public void onError(Throwable hungUp) {}

  @Override
  public void onTimeout(AsyncEvent event) {
    end();
  }

  @Override
  public void onError(AsyncEvent event) {
    end();
  }

  @Override
  public void onComplete(AsyncEvent event) {
    synchronized (this) {
      ended = true;
    }
    closed.run();
  }

  @Override
  public void onStartAsync(AsyncEvent event) {}
}
