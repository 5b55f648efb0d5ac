package io.retort.web;

import static org.assertj.core.api.Assertions.assertThat;

import io.retort.testing.Http;
import io.retort.testing.Http.Answer;
import io.retort.testing.ServiceTest;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.web.server.LocalServerPort;

@ServiceTest
class ProblemTest {

  @Autowired Http http;
  @LocalServerPort int port;

  @ParameterizedTest(name = "GET {0} answers {1} {2}")
  @CsvSource(
      delimiter = '|',
      value = {
        "/v1/nothing | 404 | not_found",
        "/nothing.html | 404 | not_found",
        "/v1/jobs/0199f3a2-5c1e-7d2a-9c34-1b7d0a4f2e11 | 404 | job_not_found",
        "/v1/jobs/0199f3a2-5c1e-7d2a-9c34-1b7d0a4f2e11/metrics | 404 | job_not_found",
        "/v1/datasets/0199f3a2-5c1e-7d2a-9c34-1b7d0a4f2e11 | 404 | dataset_not_found",
        "/v1/models/0199f3a2-5c1e-7d2a-9c34-1b7d0a4f2e11/content | 404 | model_not_found",
        "/v1/jobs/abc | 400 | invalid_parameter",
        "/v1/jobs?limit=abc | 400 | invalid_parameter",
        "/v1/jobs?limit=0 | 400 | invalid_parameter",
        "/v1/jobs?limit=101 | 400 | invalid_parameter",
        "/v1/jobs?status=done | 400 | invalid_parameter",
        "/v1/jobs?after=x | 400 | invalid_parameter",
        "/v1/jobs?createdAfter=yesterday | 400 | invalid_parameter",
        "/v1/jobs?createdAfter=0 | 400 | invalid_parameter",
        "/v1/jobs?createdAfter=-100000-01-01T00:00:00Z | 400 | invalid_parameter",
        "/v1/jobs?createdAfter= | 400 | invalid_parameter",
        "/v1/jobs?after= | 400 | invalid_parameter",
        "/v1/jobs?limit= | 400 | invalid_parameter",
        "/v1/jobs?status= | 400 | invalid_parameter",
        "/v1/jobs?%C2%A2%01=x | 400 | bad_request",
        "/v1/jobs?=x | 400 | bad_request",
        "/v1/jobs?label=team | 400 | invalid_parameter",
        "/v1/jobs?lable=team:x | 400 | unknown_parameter",
        "/v1/jobs/0199f3a2-5c1e-7d2a-9c34-1b7d0a4f2e11?wait=2m | 400 | invalid_parameter",
        "/v1/jobs/0199f3a2-5c1e-7d2a-9c34-1b7d0a4f2e11?wait=soon | 400 | invalid_parameter",
      })
  void refusesWithAProblem(String path, int status, String code) {
    Answer answer = http.get(path);
    assertThat(answer.status()).as(answer.text()).isEqualTo(status);
    assertThat(answer.header("Content-Type")).startsWith("application/problem+json");
    assertThat(answer.at("/code")).isEqualTo(code);
    assertThat(answer.at("/status")).isEqualTo(String.valueOf(status));
    assertThat(answer.at("/type")).isEqualTo("about:blank");
    assertThat(answer.text()).doesNotContain("Exception").doesNotContain("springframework");
  }

  @Test
  void anyNumberOfLanguagesIsNoMistake() {
    Answer answer = http.get("/v1/jobs?limit=1", "Accept-Language", "x,".repeat(3_000) + "de");
    assertThat(answer.status()).as(answer.text()).isEqualTo(200);
  }

  @ParameterizedTest
  @ValueSource(strings = {"gzip", "br, gzip", "nonsense"})
  void refusesPackedBodies(String encoding) {
    Answer answer = http.post("/v1/jobs", Http.job("packed"), "Content-Encoding", encoding);
    assertThat(answer.status()).as(answer.text()).isEqualTo(415);
    assertThat(answer.at("/code")).isEqualTo("unsupported_media_type");
    assertThat(answer.at("/detail")).contains(encoding, "send the body as it is");
    assertThat(http.post("/v1/jobs", Http.job("plain"), "Content-Encoding", "identity").status())
        .isEqualTo(202);
  }

  @Test
  void namesParameterAndRange() {
    assertThat(http.get("/v1/jobs?limit=abc").at("/detail"))
        .isEqualTo("Parameter `limit` is `abc`, but must be a whole number from 1 to 100.");
    assertThat(http.get("/v1/jobs?limit=101").at("/detail")).contains("`limit` is `101`", "100");
    assertThat(http.get("/v1/jobs?status=done").at("/errors/0/allowed/1")).isEqualTo("running");
  }

  @Test
  void answersWhatTomcatRefusesWithAProblemToo() throws Exception {
    try (java.net.Socket socket = new java.net.Socket("127.0.0.1", port)) {
      socket
          .getOutputStream()
          .write("GET /v1/jobs?x=[ HTTP/1.1\r\nHost: x\r\n\r\n".getBytes(StandardCharsets.UTF_8));
      String answer = new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      assertThat(answer).startsWith("HTTP/1.1 400").contains("application/problem+json");
      assertThat(answer).contains("\"code\":\"bad_request\"").doesNotContain("<html");
    }
  }

  @Test
  void placesAMistakeInJson() {
    Answer answer = http.post("/v1/jobs", "{\n  \"type\": distill\n}");
    assertThat(answer.status()).isEqualTo(400);
    assertThat(answer.at("/detail")).contains("line 2, column");
  }

  @Test
  void refusesJsonThatNestsTooDeeply() {
    Answer answer = http.post("/v1/jobs", "[".repeat(100_000));
    assertThat(answer.status()).isEqualTo(400);
    assertThat(answer.at("/code")).isEqualTo("malformed_json");
  }

  @Test
  void reportsAllBadFieldsOfASpec() {
    Answer answer = http.post("/v1/jobs", "{\"objective\": {\"tau\": -1}, \"taecher\": {}}");
    assertThat(answer.at("/code")).isEqualTo("invalid_spec");
    assertThat(answer.json().get("errors").size()).isGreaterThan(2);
  }

  @Test
  void answersAHundredThousandUnknownFieldsWithAHundredPointers() {
    String fields =
        java.util.stream.IntStream.range(0, 100_000)
            .mapToObj(i -> "\"" + i + "\":0")
            .collect(java.util.stream.Collectors.joining(",", "{", "}"));
    Answer answer = http.post("/v1/jobs", fields);
    assertThat(answer.at("/code")).isEqualTo("invalid_spec");
    assertThat(answer.json().get("errors")).hasSize(100);
    assertThat(answer.at("/detail")).contains("bad fields");
  }

  @Test
  void refusesOtherMediaTypesMethodsAndSizes() {
    byte[] body = Http.job("x").getBytes(StandardCharsets.UTF_8);
    Answer form = http.post("/v1/jobs", "application/x-www-form-urlencoded", body);
    assertThat(form.status()).isEqualTo(415);
    assertThat(form.at("/detail")).contains("application/json");
    Answer method = http.delete("/v1/jobs");
    assertThat(method.status()).isEqualTo(405);
    assertThat(method.header("Allow")).contains("POST");
    assertThat(http.get("/v1/jobs", "Accept", "text/csv").status()).isEqualTo(406);
    Answer large = http.post("/v1/jobs", " ".repeat((1 << 20) + 1));
    assertThat(large.status()).isEqualTo(413);
    assertThat(large.at("/code")).isEqualTo("too_large");
  }

  @Test
  void refusesMethodsThatNobodyKnows() {
    Answer answer = http.send("QUERY", "/v1/jobs");
    assertThat(answer.status()).as(answer.text()).isEqualTo(405);
    assertThat(answer.header("Allow")).contains("GET", "POST");
  }

  @Test
  void refusesPartsThatCannotBeTakenApart() {
    Answer noBoundary = http.get("/v1/jobs?limit=5", "Content-Type", "multipart/form-data");
    assertThat(noBoundary.status()).as(noBoundary.text()).isEqualTo(400);
    byte[] broken = "--x\r\nFalse--x--\r\n".getBytes(StandardCharsets.UTF_8);
    for (String path : List.of("/v1/models", "/v1/datasets")) {
      Answer answer = http.post(path, "multipart/form-data; boundary=x", broken);
      assertThat(answer.status()).as(answer.text()).isEqualTo(400);
      assertThat(answer.at("/detail")).contains("boundary");
    }
    Answer longName = http.upload("/v1/datasets", "x.csv", new byte[] {1}, "n".repeat(201));
    assertThat(longName.at("/errors/0/pointer")).as(longName.text()).isEqualTo("/name");
  }

  @Test
  void refusesAPlaceInAStreamThatIsNoneInTheListToo() {
    String events = "/v1/jobs/" + http.submit("a place") + "/events";
    assertThat(http.get(events, "Last-Event-ID", "17-40").status()).isEqualTo(200);
    assertThat(http.get(events, "Last-Event-ID", "x").status()).isEqualTo(400);
  }

  @Test
  void refusesTextThatTheDatabaseCannotHold() {
    String metrics = "/v1/jobs/" + http.submit("odd") + "/metrics?series=a&series=b%00c";
    for (String path : List.of("/v1/jobs?name=a%00", "/v1/jobs?label=a:%00", metrics)) {
      Answer answer = http.get(path);
      assertThat(answer.status()).as(answer.text()).isEqualTo(400);
      assertThat(answer.at("/detail")).contains("NUL");
    }
  }

  @Test
  void saysWhenPartsAreOdd() {
    String part = "--x\r\nContent-Disposition: form-data; name=\"%s\"\r\n\r\n1\r\n";
    for (String parts :
        List.of(part.formatted("n".repeat(9_000)), part.formatted("n").repeat(11))) {
      Answer answer =
          http.post(
              "/v1/models",
              "multipart/form-data; boundary=x",
              (parts + "--x--\r\n").getBytes(StandardCharsets.US_ASCII));
      assertThat(answer.status()).as(answer.text()).isEqualTo(400);
      assertThat(answer.at("/detail")).contains("parts few and their names of sensible length");
    }
  }

  @Test
  void dryRunsWithoutQueueing() {
    int before = http.get("/v1/jobs?name=dry").json().get("data").size();
    Answer dry = http.post("/v1/jobs?dryRun=true", Http.job("dry"));
    assertThat(dry.status()).isEqualTo(200);
    assertThat(dry.at("/found/rows")).isEqualTo("5000");
    assertThat(dry.at("/formula")).isNotEmpty();
    assertThat(dry.at("/resolved/objective/tau")).isEqualTo("4.0");
    assertThat(http.get("/v1/jobs?name=dry").json().get("data")).hasSize(before);
    assertThat(http.post("/v1/dry-runs", Http.job("dry")).text()).isEqualTo(dry.text());

    Answer bad =
        http.post(
            "/v1/jobs?dryRun=true", Http.job("dry").replace("sample:mnist1d", "sample:nothing"));
    assertThat(bad.status()).isEqualTo(422);
    assertThat(bad.at("/code")).isEqualTo("unknown_sample");
    assertThat(http.post("/v1/jobs?dryRun=perhaps", Http.job("dry")).at("/detail"))
        .contains("true or false");
  }
}
