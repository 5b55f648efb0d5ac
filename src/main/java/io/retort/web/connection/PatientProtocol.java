package io.retort.web.connection;

import java.net.SocketTimeoutException;
import java.util.Objects;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.apache.coyote.Processor;
import org.apache.coyote.http11.Http11NioProtocol;
import org.apache.tomcat.util.net.NioChannel;
import org.apache.tomcat.util.net.SocketEvent;
import org.apache.tomcat.util.net.SocketWrapperBase;
import org.jspecify.annotations.Nullable;

/**
 * HTTP/1.1 of Tomcat, which by itself hangs up only on those of whom nothing comes: a byte now and
 * then keeps a connection, and its thread, for ever. Half of the threads may wait for clients.
 * Public because Tomcat makes it by name.
 */
public final class PatientProtocol extends Http11NioProtocol {

  private static final int LOOKS = 4;

  private @Nullable ClientSettings settings;
  private @Nullable Semaphore places;
  private @Nullable Future<?> looks;

  public PatientProtocol() {
    super(new PatientEndpoint());
  }

  /** To be called before it starts. */
  void use(ClientSettings given) {
    settings = given;
  }

  @Override
  protected Processor createProcessor() {
    return new PatientProcessor(this, getAdapter(), Objects.requireNonNull(settings), places());
  }

  /** The number of threads is known once the first client calls. */
  private synchronized Semaphore places() {
    if (places == null) {
      places = new Semaphore(Math.max(1, getMaxThreads() / 2));
    }
    return places;
  }

  @Override
  public void start() throws Exception {
    super.start();
    long within = Objects.requireNonNull(settings).headersWithin().toMillis();
    long pause = Math.max(1, within / LOOKS);
    looks =
        getUtilityExecutor()
            .scheduleWithFixedDelay(this::endLateHeaders, pause, pause, TimeUnit.MILLISECONDS);
  }

  @Override
  public void stop() throws Exception {
    if (looks != null) {
      looks.cancel(false);
    }
    super.stop();
  }

  private void endLateHeaders() {
    long now = System.nanoTime();
    for (SocketWrapperBase<NioChannel> socket : getEndpoint().getConnections()) {
      if (socket.getCurrentProcessor() instanceof PatientProcessor processor
          && processor.headersAreLate(now)) {
        socket.setError(new SocketTimeoutException());
        if (!getEndpoint().processSocket(socket, SocketEvent.ERROR, true)) {
          socket.close();
        }
      }
    }
  }
}
