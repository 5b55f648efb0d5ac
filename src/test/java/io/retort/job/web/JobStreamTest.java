package io.retort.job.web;

import static org.assertj.core.api.Assertions.assertThat;

import io.retort.testing.FakeEngine;
import io.retort.testing.Http;
import io.retort.testing.Http.Answer;
import io.retort.testing.ServiceTest;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.jdbc.core.simple.JdbcClient;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

@ServiceTest
class JobStreamTest {

  @Autowired Http http;
  @Autowired JdbcClient jdbc;
  @LocalServerPort int port;

  private record Message(String id, String name, JsonNode data) {}

  @Test
  void tellsAllOfAJobWhileItRunsAndEndsWithIt() throws Exception {
    CountDownLatch go = new CountDownLatch(1);
    FakeEngine.SCRIPTS.put(
        "streamed",
        (spec, context) -> {
          try {
            go.await();
          } catch (InterruptedException e) {
            throw new AssertionError(e);
          }
          return FakeEngine.succeed(spec, context);
        });
    String id = http.submit("streamed");
    try (Stream<String> lines = open(id, "")) {
      Iterator<Message> messages = messages(lines);
      List<Message> seen = new ArrayList<>();
      while (seen.stream().noneMatch(m -> m.data().at("/status").asString("").equals("running"))) {
        seen.add(messages.next());
      }
      go.countDown();
      messages.forEachRemaining(seen::add);
      assertThat(named(seen, "event")).hasSize(21);
      assertThat(named(seen, "metric")).hasSize(40);
      assertThat(seen.get(seen.size() - 1).data().at("/status").asString()).isEqualTo("succeeded");

      Message middle = named(seen, "event").get(10);
      try (Stream<String> rest = open(id, middle.id())) {
        List<Message> continued = new ArrayList<>();
        messages(rest).forEachRemaining(continued::add);
        assertThat(named(continued, "event"))
            .extracting(m -> m.data().get("id").asString())
            .containsExactlyElementsOf(
                named(seen, "event").subList(11, 21).stream()
                    .map(m -> m.data().get("id").asString())
                    .toList());
      }
    }
  }

  @Test
  void missesNothingWhileNoSignalsCome() throws Exception {
    CountDownLatch go = new CountDownLatch(1);
    FakeEngine.SCRIPTS.put(
        "deaf",
        (spec, context) -> {
          try {
            go.await();
          } catch (InterruptedException e) {
            throw new AssertionError(e);
          }
          return FakeEngine.succeed(spec, context);
        });
    String id = http.submit("deaf");
    try (Stream<String> lines = open(id, "")) {
      Iterator<Message> messages = messages(lines);
      int cut = 0;
      while (cut == 0) {
        cut =
            jdbc.sql(
                    "select count(pg_terminate_backend(pid)) from pg_stat_activity"
                        + " where query = 'listen retort_job'")
                .query(Integer.class)
                .single();
      }
      go.countDown(); // so that the job ends while nobody listens
      List<Message> seen = new ArrayList<>();
      messages.forEachRemaining(seen::add);
      assertThat(named(seen, "event")).hasSize(21);
      assertThat(seen.get(seen.size() - 1).data().at("/status").asString()).isEqualTo("succeeded");
    }
  }

  @Test
  void refusesAnIdThatIsNoneAndAJobThatIsNone() {
    String id = http.submit("plain");
    Answer bad =
        http.get(
            "/v1/jobs/" + id + "/events",
            "Accept",
            "text/event-stream",
            "Last-Event-ID",
            "yesterday");
    assertThat(bad.status()).isEqualTo(400);
    assertThat(bad.at("/code")).isEqualTo("invalid_parameter");
    Answer missing =
        http.get(
            "/v1/jobs/0199f3a2-5c1e-7d2a-9c34-1b7d0a4f2e11/events", "Accept", "text/event-stream");
    assertThat(missing.status()).isEqualTo(404);
    assertThat(missing.at("/code")).isEqualTo("job_not_found");
    assertThat(http.get("/v1/jobs/" + id + "/events").header("Content-Type"))
        .startsWith("application/json");
  }

  private Stream<String> open(String id, String last) throws Exception {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(
                URI.create("http://127.0.0.1:" + port + "/v1/jobs/" + id + "/events"))
            .header("Accept", "text/event-stream");
    if (!last.isEmpty()) {
      request.header("Last-Event-ID", last);
    }
    HttpResponse<Stream<String>> answer =
        HttpClient.newHttpClient().send(request.build(), HttpResponse.BodyHandlers.ofLines());
    assertThat(answer.statusCode()).isEqualTo(200);
    return answer.body();
  }

  private static Iterator<Message> messages(Stream<String> lines) {
    Iterator<String> source = lines.iterator();
    return new Iterator<>() {
      private Message next;
      private boolean ended;

      private Message read() {
        String id = "";
        String name = "";
        String data = "";
        while (source.hasNext()) {
          String line = source.next();
          if (line.startsWith("id:")) {
            id = line.substring(3);
          } else if (line.startsWith("event:")) {
            name = line.substring(6);
          } else if (line.startsWith("data:")) {
            data = line.substring(5);
          } else if (line.isEmpty() && !data.isEmpty()) {
            return new Message(id.strip(), name.strip(), new JsonMapper().readTree(data));
          }
        }
        return null;
      }

      @Override
      public boolean hasNext() {
        if (next == null && !ended) {
          next = read();
        }
        return next != null;
      }

      /** Reads no further than it must: the next message may take long. */
      @Override
      public Message next() {
        Message message = hasNext() ? next : null;
        next = null;
        ended = message == null || message.name().equals("status") && isFinal(message);
        return message;
      }
    };
  }

  private static boolean isFinal(Message message) {
    return List.of("succeeded", "failed", "cancelled")
        .contains(message.data().at("/status").asString());
  }

  private static List<Message> named(List<Message> messages, String name) {
    return messages.stream().filter(m -> m.name().equals(name)).toList();
  }
}
