package io.retort.web.connection;

import java.io.IOException;
import java.nio.ByteBuffer;
import org.apache.tomcat.util.net.NioChannel;
import org.apache.tomcat.util.net.NioEndpoint;
import org.apache.tomcat.util.net.SecureNioChannel;
import org.apache.tomcat.util.net.SocketBufferHandler;

/** Channels that tell {@link Patience} what they move. */
final class PatientEndpoint extends NioEndpoint {

  @Override
  protected NioChannel createChannel(SocketBufferHandler buffers) {
    return isSSLEnabled() ? new Secure(buffers, this) : new Plain(buffers);
  }

  private static final class Plain extends NioChannel {

    Plain(SocketBufferHandler buffers) {
      super(buffers);
    }

    @Override
    public int read(ByteBuffer into) throws IOException {
      return Patience.moved(false, super.read(into), () -> super.read(into));
    }

    @Override
    public int write(ByteBuffer from) throws IOException {
      return from.hasRemaining()
          ? Patience.moved(true, super.write(from), () -> super.write(from))
          : super.write(from);
    }
  }

  private static final class Secure extends SecureNioChannel {

    Secure(SocketBufferHandler buffers, NioEndpoint endpoint) {
      super(buffers, endpoint);
    }

    @Override
    public int read(ByteBuffer into) throws IOException {
      return Patience.moved(false, super.read(into), () -> super.read(into));
    }

    @Override
    public int write(ByteBuffer from) throws IOException {
      return from.hasRemaining() || getOutboundRemaining() > 0
          ? Patience.moved(true, super.write(from), () -> super.write(from))
          : super.write(from);
    }
  }
}
