package io.retort.web;

import static org.assertj.core.api.Assertions.assertThat;

import io.retort.testing.Http;
import io.retort.testing.Http.Answer;
import io.retort.testing.ServiceTest;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;

/** Bodies that fit the bytes they may have, and are made to cost more than that. */
@ServiceTest
class JsonLimitsTest {

  @Autowired Http http;

  private void tooComplex(String body, String... said) {
    for (String path : new String[] {"/v1/jobs", "/v1/jobs?dryRun=true", "/v1/keys"}) {
      Answer answer = http.post(path, body);
      assertThat(answer.status()).as(path + ": " + answer.text()).isEqualTo(400);
      assertThat(answer.at("/code")).isEqualTo("malformed_json");
      assertThat(answer.at("/detail")).contains(said).doesNotContain("Stream");
    }
  }

  @Test
  void tooManyParts() {
    tooComplex("{\"labels\":\n[" + "1,".repeat(250_000) + "1]}", "line 2", "250000");
    tooComplex("[" + "{},".repeat(200_000) + "{}]", "250000");
  }

  @Test
  void tooDeep() {
    tooComplex("{\"dataset\": " + "[".repeat(64) + "]".repeat(64) + "}", "line 1", "depth");
    tooComplex("[".repeat(500_000), "depth");
  }

  @Test
  void tooLongNumbersAndNames() {
    tooComplex("{\"priority\": " + "1".repeat(1_001) + "}", "1001", "1000");
    tooComplex("{\"" + "a".repeat(50_001) + "\": 1}", "50000");
  }

  @Test
  void numbersThatOnlyLookSmall() {
    String job = Http.job("exponents").replaceFirst("\\{", "{\"priority\": 1e999999999, ");
    Answer answer = http.post("/v1/jobs", job);
    assertThat(answer.status()).as(answer.text()).isEqualTo(400);
    assertThat(answer.at("/errors/0/pointer")).isEqualTo("/priority");
  }

  @Test
  void theLongestListOfColumnsIsRead() {
    String columns =
        IntStream.range(0, 100_000).mapToObj(i -> "\"" + i + '"').collect(Collectors.joining(","));
    String job =
        Http.job("wide")
            .replace("sample:mnist1d\"", "sample:mnist1d\", \"features\": [" + columns + "]");
    Answer answer = http.post("/v1/jobs?dryRun=true", job);
    assertThat(answer.status()).as(answer.text().substring(0, 200)).isEqualTo(200);
  }

  @Test
  void aHundredMistakesAreTold() {
    String unknown =
        IntStream.range(0, 60_000)
            .mapToObj(i -> "\"x" + i + "\":1")
            .collect(Collectors.joining(","));
    Answer fields = http.post("/v1/jobs", "{" + unknown + "}");
    assertThat(fields.status()).isEqualTo(400);
    assertThat(fields.json().at("/errors").size()).isEqualTo(100);

    String blank = "\"\",".repeat(90_000) + "\"\"";
    Answer values =
        http.post(
            "/v1/jobs",
            Http.job("blank").replace("mnist1d\"", "mnist1d\", \"features\": [" + blank + "]"));
    assertThat(values.status()).isEqualTo(400);
    assertThat(values.json().at("/errors").size()).isBetween(1, 100);
  }
}
