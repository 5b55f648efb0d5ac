package io.retort.webhook;

import static org.assertj.core.api.Assertions.assertThat;

import io.retort.testing.EngineServiceTest;
import io.retort.testing.Http;
import io.retort.testing.Http.Answer;
import java.io.IOException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.beans.factory.annotation.Autowired;

/**
 * With the real engine, which looks at addresses before anything is queued. Datasets may come from
 * localhost here, and messages must not go there.
 */
@EngineServiceTest
class WebhookAddressTest {

  private static final String JOB =
      """
      {"dataset": {"uri": "sample:mnist1d"}, "training": {"epochs": 1},
       "teacher": {"architecture": {"type": "logistic"}},
       "student": {"architecture": {"type": "logistic"}},
       "notify": [{"url": "%s"}, {"url": "%s"}]}
      """;

  @Autowired Http http;

  @ParameterizedTest
  @CsvSource({
    "http://169.254.169.254/latest/meta-data/, 422, forbidden_host",
    "http://localhost:9/, 422, forbidden_host",
    "http://[::ffff:10.0.0.1]/, 422, forbidden_host",
    "http://0x7f.1/, 400, invalid_spec",
    "http://name.invalid/, 422, unreachable_host",
    "http://me:secret@127.0.0.1/, 400, invalid_spec",
    "gopher://127.0.0.1/, 400, invalid_spec"
  })
  void refusesAnAddressThatItMustNotContact(String url, int status, String code) {
    for (String path : new String[] {"/v1/jobs", "/v1/jobs?dryRun=true"}) {
      Answer answer = http.post(path, JOB.formatted("http://127.0.0.1:9/", url));
      assertThat(answer.status()).as(answer.text()).isEqualTo(status);
      assertThat(answer.at("/code")).isEqualTo(code);
      assertThat(answer.at("/errors/0/pointer")).isEqualTo("/notify/1/url");
      assertThat(answer.text()).doesNotContain("secret", "retort.dataset");
    }
  }

  @Test
  void whoIsToldIsEchoedAndStaysOutOfTheJobsFiles() throws IOException {
    try (Receiver receiver = new Receiver()) {
      String url = receiver.url("hook", 200);
      Answer job = http.post("/v1/jobs", JOB.formatted(url + "?token=abc", url));
      assertThat(job.at("/resolved/notify/0/events/2")).isEqualTo("job.cancelled");
      Answer ended = http.ended(job.at("/id"));
      assertThat(ended.at("/status")).isEqualTo("succeeded");
      assertThat(ended.at("/resolved/notify/0/events/2")).isEqualTo("job.cancelled");
      String result = http.get("/v1/jobs/" + job.at("/id") + "/artifacts/result.json").text();
      assertThat(result).contains("\"resolved\"").doesNotContain("token=abc");
    }
  }
}
