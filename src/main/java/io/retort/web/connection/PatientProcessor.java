package io.retort.web.connection;

import java.io.IOException;
import java.util.concurrent.Semaphore;
import org.apache.coyote.Adapter;
import org.apache.coyote.Constants;
import org.apache.coyote.http11.AbstractHttp11Protocol;
import org.apache.coyote.http11.Http11Processor;
import org.apache.tomcat.util.net.AbstractEndpoint.Handler.SocketState;
import org.apache.tomcat.util.net.SocketEvent;
import org.apache.tomcat.util.net.SocketWrapperBase;

/** Serves the requests of a connection, with patience that ends. */
final class PatientProcessor extends Http11Processor implements Patience.Work {

  private final ClientSettings settings;
  private final Semaphore places;

  PatientProcessor(
      AbstractHttp11Protocol<?> protocol,
      Adapter adapter,
      ClientSettings settings,
      Semaphore places) {
    super(protocol, adapter);
    this.settings = settings;
    this.places = places;
  }

  @Override
  public SocketState process(SocketWrapperBase<?> socket, SocketEvent status) throws IOException {
    socket.setWriteTimeout(settings.patience().toMillis());
    try (Patience unused = Patience.begin(settings, places, this)) {
      return super.process(socket, status);
    }
  }

  /** While a request line and headers are read nobody waits; nor where a listener writes. */
  @Override
  public boolean waits(boolean writing) {
    return switch (stage()) {
      case Constants.STAGE_SERVICE -> !writing || response.getWriteListener() == null;
      case Constants.STAGE_ENDINPUT, Constants.STAGE_ENDOUTPUT, Constants.STAGE_ENDED -> true;
      default -> false;
    };
  }

  /** The last stage is that of a request that was answered asynchronously. */
  @Override
  public boolean drains() {
    return stage() == Constants.STAGE_ENDINPUT || stage() == Constants.STAGE_ENDED;
  }

  private int stage() {
    return request.getRequestProcessor().getStage();
  }

  /**
   * Whether its headers should have been there by now. To be asked while no thread works for it: a
   * processor that is kept then has half of a request's head, or a request that is answered later.
   */
  boolean headersAreLate(long now) {
    long start = request.getStartTimeNanos();
    return start >= 0 && !isAsync() && now - start > settings.headersWithin().toNanos();
  }
}
