package io.retort.web;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import org.junit.jupiter.api.Test;

class JsonBodyTest {

  @Test
  void readsNoMoreThanABodyMayHave() throws Exception {
    byte[] body = new byte[100];
    assertThat(JsonBody.read(new ByteArrayInputStream(body), 100)).hasSize(100);
    assertThatThrownBy(() -> JsonBody.read(new ByteArrayInputStream(body), 99))
        .isInstanceOf(TooLargeException.class);
  }
}
