package io.retort.web.connection;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/** A client that takes its time, on a thread of its own, until it is hung up on. */
final class SlowClient implements AutoCloseable {

  private final Socket socket = new Socket();
  private final CompletableFuture<String> heard = new CompletableFuture<>();

  SlowClient(int port) throws IOException {
    socket.setReceiveBufferSize(4096);
    socket.connect(new InetSocketAddress("127.0.0.1", port));
  }

  private interface Work {
    void run(InputStream in, OutputStream out) throws IOException, InterruptedException;
  }

  /** Sends a beginning at once, and then a byte now and then for ever. */
  SlowClient sends(String beginning, int pauseMillis) {
    return start(
        (in, out) -> {
          out.write(beginning.getBytes(StandardCharsets.US_ASCII));
          while (true) {
            out.write('x');
            Thread.sleep(pauseMillis);
            if (in.available() > 0) {
              heard.complete(new String(in.readNBytes(in.available()), StandardCharsets.UTF_8));
            }
          }
        });
  }

  /** Sends a request and reads so much of the answer now and then, or nothing at all. */
  SlowClient reads(String request, int bytes, int pauseMillis) {
    return start(
        (in, out) -> {
          out.write(request.getBytes(StandardCharsets.US_ASCII));
          do {
            Thread.sleep(pauseMillis);
          } while (bytes == 0 || in.readNBytes(bytes).length == bytes);
        });
  }

  private SlowClient start(Work work) {
    Thread thread =
        new Thread(
            () -> {
              try {
                work.run(socket.getInputStream(), socket.getOutputStream());
                heard.complete("");
              } catch (SocketException hungUp) {
                heard.complete("");
              } catch (IOException | InterruptedException e) {
                heard.completeExceptionally(e);
              }
            },
            "slow-client");
    thread.setDaemon(true);
    thread.start();
    return this;
  }

  /** What it was told, or nothing, once it was answered or hung up on. */
  String heard(Duration within) throws Exception {
    return heard.get(within.toMillis(), TimeUnit.MILLISECONDS);
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }
}
