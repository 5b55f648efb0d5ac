package io.retort.web.connection;

import static org.assertj.core.api.Assertions.assertThat;

import io.retort.RetortApplication;
import io.retort.testing.FakeEngine;
import io.retort.testing.Http;
import io.retort.testing.Http.Answer;
import io.retort.testing.TemporaryData;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.apache.tomcat.util.threads.ThreadPoolExecutor;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.boot.tomcat.TomcatWebServer;
import org.springframework.boot.web.server.context.WebServerApplicationContext;
import org.springframework.context.annotation.Import;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.test.context.ContextConfiguration;

/**
 * Many more slow clients than the service has threads. Tomcat alone would wait for each of them as
 * long as a byte comes every second.
 */
@SpringBootTest(
    classes = RetortApplication.class,
    webEnvironment = SpringBootTest.WebEnvironment.RANDOM_PORT,
    properties = {
      "server.tomcat.threads.max=6",
      "server.tomcat.connection-timeout=1s",
      "retort.clients.headers-within=1s",
      "retort.clients.patience=400ms",
      "retort.clients.min-rate=1MB",
      "retort.clients.drain=400ms",
      "retort.worker.memory=1GB",
      "logging.level.root=warn"
    })
@ContextConfiguration(initializers = TemporaryData.class)
@Import({FakeEngine.class, Http.class})
class SlowClientTest {

  private static final int CLIENTS = 18;
  private static final Duration SOON = Duration.ofSeconds(30);
  private static final String BODY =
      """
      Host: 127.0.0.1\r
      Content-Type: %s\r
      Content-Length: 1000000\r
      \r
      """;

  @Autowired Http http;
  @Autowired JdbcClient jdbc;
  @Autowired WebServerApplicationContext service;
  @LocalServerPort int port;

  private final List<SlowClient> clients = new ArrayList<>();

  private interface Start {
    SlowClient with(SlowClient client);
  }

  private void start(Start start) throws Exception {
    for (int i = 0; i < CLIENTS; i++) {
      clients.add(start.with(new SlowClient(port)));
    }
  }

  @AfterEach
  void hangUp() throws Exception {
    for (SlowClient client : clients) {
      client.close();
    }
  }

  @Test
  void headersThatDripAreNotWaitedForForEver() throws Exception {
    start(client -> client.sends("GET /v1/jobs HTTP/1.1\r\nHost: 127.0.0.1\r\nX-Slow: ", 20));
    othersAreServed();
    for (SlowClient client : clients) {
      assertThat(client.heard(SOON)).doesNotContain("200");
    }
  }

  @Test
  void aRequestLineThatDripsIsNotWaitedForForEver() throws Exception {
    start(client -> client.sends("GET /v1/jobs?name=", 20));
    for (SlowClient client : clients) {
      client.heard(SOON);
    }
  }

  @Test
  void bodiesThatDripAreRefused() throws Exception {
    String json = "POST /v1/jobs HTTP/1.1\r\n" + BODY.formatted("application/json");
    start(client -> client.sends(json, 20));
    othersAreServed();
    for (SlowClient client : clients) {
      assertThat(client.heard(SOON)).containsAnyOf("too_slow", "too_many_slow_clients");
    }
    threadsAreFree();
  }

  @Test
  void bodiesThatNeverComeAreRefused() throws Exception {
    String json = "POST /v1/jobs HTTP/1.1\r\n" + BODY.formatted("application/json");
    start(client -> client.sends(json, 1 << 30));
    othersAreServed();
    threadsAreFree();
  }

  @Test
  void uploadsThatDripAreRefused() throws Exception {
    String upload =
        "POST /v1/datasets HTTP/1.1\r\n"
            + BODY.formatted("multipart/form-data; boundary=b")
            + "--b\r\nContent-Disposition: form-data; name=\"file\"; filename=\"a.csv\"\r\n\r\n";
    start(client -> client.sends(upload, 20));
    othersAreServed();
    for (SlowClient client : clients) {
      assertThat(client.heard(SOON)).containsAnyOf("too_slow", "too_many_slow_clients");
    }
    threadsAreFree();
  }

  @Test
  void bodiesThatNobodyWantsAreNotReadForEver() throws Exception {
    String unwanted = "PUT /v1/jobs HTTP/1.1\r\n" + BODY.formatted("application/json");
    start(client -> client.sends(unwanted, 20));
    othersAreServed();
    for (SlowClient client : clients) {
      assertThat(client.heard(SOON)).contains("405", "method_not_allowed");
    }
    threadsAreFree();
  }

  @Test
  void aClientThatReadsNothingOrLittleHoldsNoThread() throws Exception {
    FakeEngine.SCRIPTS.put(
        "large", (spec, context) -> FakeEngine.outcome(context, "model".repeat(8 << 20)));
    String job = http.submit("large");
    assertThat(http.ended(job).at("/status")).isEqualTo("succeeded");
    String download = get("/v1/jobs/" + job + "/artifacts/student.zip");
    start(client -> client.reads(download, 0, 100));
    othersAreServed();
    threadsAreFree();
    start(client -> client.reads(download, 1, 5));
    othersAreServed();
    threadsAreFree();
    // fast enough to move something all the time, and yet too slow
    start(client -> client.reads(download, 1 << 12, 20));
    othersAreServed();
    threadsAreFree();
  }

  @Test
  void aLongListThatNobodyReadsHoldsNoThread() throws Exception {
    String job = http.submit("listed");
    http.ended(job);
    addMetrics(job);
    start(client -> client.reads(get("/v1/jobs/" + job + "/metrics?maxPoints=100000"), 1 << 10, 5));
    othersAreServed();
    threadsAreFree();
  }

  @Test
  void streamsThatNobodyReadsKeepNoneWaitingWhoReads() throws Exception {
    String job = http.submit("long ago");
    http.ended(job);
    addMetrics(job);
    String stream = "GET /v1/jobs/" + job + "/events HTTP/1.1\r\nAccept: text/event-stream\r\n";
    start(client -> client.reads(stream + "Host: 127.0.0.1\r\n\r\n", 0, 100));
    start(client -> client.reads(stream + "Host: 127.0.0.1\r\n\r\n", 1, 5));
    othersAreServed();
    for (int i = 0; i < 5; i++) {
      String watched = http.submit("watched " + i);
      Answer messages = http.get("/v1/jobs/" + watched + "/events", "Accept", "text/event-stream");
      assertThat(messages.text()).containsOnlyOnce("\"succeeded\"");
    }
    threadsAreFree();
    // one who reads gets all of it
    String all = http.get("/v1/jobs/" + job + "/events", "Accept", "text/event-stream").text();
    assertThat(all.lines().filter("event:metric"::equals)).hasSize(99_999 + 40);
    assertThat(all).containsOnlyOnce("event:status");
  }

  private void addMetrics(String job) {
    jdbc.sql(
            "insert into job_metric (job_id, series, epoch, step, value, at)"
                + " select ?::uuid, 'a series with quite a long name', n, n, n, now()"
                + " from generate_series(1, 99999) n")
        .param(job)
        .update();
  }

  private static String get(String path) {
    return "GET " + path + " HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n";
  }

  private void othersAreServed() {
    for (int i = 0; i < 20; i++) {
      String job = http.submit("served");
      assertThat(http.get("/v1/jobs/" + job).status()).isEqualTo(200);
    }
  }

  private void threadsAreFree() throws InterruptedException {
    ThreadPoolExecutor threads =
        (ThreadPoolExecutor)
            ((TomcatWebServer) service.getWebServer())
                .getTomcat()
                .getConnector()
                .getProtocolHandler()
                .getExecutor();
    Instant latest = Instant.now().plus(SOON);
    while (threads.getActiveCount() > 0) {
      assertThat(Instant.now())
          .as("%d threads are busy", threads.getActiveCount())
          .isBefore(latest);
      Thread.sleep(20);
    }
  }
}
