package io.retort.web;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.retort.spec.RetortException;
import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class JsonBodyTest {

  /** Sends a byte now and then, for ever. */
  private static final class Drip extends InputStream {
    @Override
    public int read() {
      return ' ';
    }

    @Override
    public int read(byte[] into, int offset, int length) {
      try {
        Thread.sleep(5);
      } catch (InterruptedException e) {
        throw new AssertionError(e);
      }
      into[offset] = ' ';
      return 1;
    }
  }

  @Test
  void aSlowCallerDoesNotHoldAThreadForEver() {
    assertThatThrownBy(() -> JsonBody.read(new Drip(), 1 << 20, Duration.ofMillis(50)))
        .isInstanceOf(RetortException.class)
        .extracting(e -> ((RetortException) e).code())
        .isEqualTo("too_slow");
  }

  @Test
  void readsNoMoreThanABodyMayHave() throws Exception {
    byte[] body = new byte[100];
    assertThat(JsonBody.read(new ByteArrayInputStream(body), 100)).hasSize(100);
    assertThatThrownBy(() -> JsonBody.read(new ByteArrayInputStream(body), 99))
        .isInstanceOf(TooLargeException.class);
  }
}
