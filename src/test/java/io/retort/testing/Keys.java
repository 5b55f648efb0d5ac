package io.retort.testing;

import io.retort.database.DataDirectory;
import io.retort.testing.Http.Answer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import org.springframework.boot.test.context.TestComponent;
import org.springframework.context.annotation.Lazy;

/** Keys for the service under test. */
@TestComponent
@Lazy
public class Keys {

  private final Http http;
  private final DataDirectory data;

  Keys(Http http, DataDirectory data) {
    this.http = http;
    this.data = data;
  }

  /** The key that the service left in its file. */
  public String admin() {
    try {
      return Files.readString(data.dataDir().resolve("admin-key")).strip();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** A new key. */
  public String of(String tenant, String... scopes) {
    return made(tenant, scopes).at("/key");
  }

  /** The answer to the request for a new key. */
  public Answer made(String tenant, String... scopes) {
    Answer answer =
        http.as(admin())
            .post(
                "/v1/keys",
                "{\"name\": \"test\", \"tenant\": \"%s\", \"scopes\": [\"%s\"]}"
                    .formatted(tenant, String.join("\", \"", scopes)));
    if (answer.status() != 201) {
      throw new AssertionError(answer.text());
    }
    return answer;
  }
}
