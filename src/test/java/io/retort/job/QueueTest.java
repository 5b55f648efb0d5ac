package io.retort.job;

import static org.assertj.core.api.Assertions.assertThat;

import io.retort.testing.FakeEngine;
import io.retort.testing.Http;
import io.retort.testing.Http.Answer;
import io.retort.testing.Keys;
import io.retort.testing.LimitedServiceTest;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;

/** A service with one worker slot and small quotas. */
@LimitedServiceTest
class QueueTest {

  private static final String[] JOBS = {"jobs:read", "jobs:write", "datasets:write"};

  @Autowired Http http;
  @Autowired Keys keys;

  @Test
  void takesTurnsBetweenTenantsAndPrioritiesWithinOne() throws Exception {
    List<String> order = Collections.synchronizedList(new ArrayList<>());
    CountDownLatch go = blockTheOnlySlot("first", order);
    Http a = http.as(keys.of("turn-a", JOBS));
    Http b = http.as(keys.of("turn-b", JOBS));
    List<String> ids = new ArrayList<>();
    for (String name : List.of("a1", "a2", "a3")) {
      ids.add(submit(a, name, 0, order));
    }
    ids.add(submit(a, "a-urgent", 50, order));
    for (String name : List.of("b1", "b2")) {
      ids.add(submit(b, name, 0, order));
    }
    go.countDown();
    for (int i = 0; i < ids.size(); i++) {
      assertThat((i < 4 ? a : b).ended(ids.get(i)).at("/status")).isEqualTo("succeeded");
    }
    assertThat(order).startsWith("first");
    assertThat(order.subList(1, order.size()))
        .containsExactly("a-urgent", "b1", "a1", "b2", "a2", "a3");
  }

  @Test
  void refusesMoreStreamsThanTheQuota() throws Exception {
    CountDownLatch go = blockTheOnlySlot("watch", Collections.synchronizedList(new ArrayList<>()));
    String key = keys.of("watchers", JOBS);
    String events = "/v1/jobs/" + http.as(key).submit("watched") + "/events";
    HttpRequest watch =
        HttpRequest.newBuilder(URI.create("http://" + http.host() + events))
            .header("Authorization", "Bearer " + key)
            .header("Accept", "text/event-stream")
            .build();
    HttpClient client = HttpClient.newHttpClient();
    for (int i = 0; i < 2; i++) {
      HttpResponse<Stream<String>> stream = client.send(watch, BodyHandlers.ofLines());
      assertThat(stream.statusCode()).isEqualTo(200);
    }
    Answer refused = http.as(key).get(events, "Accept", "text/event-stream");
    assertThat(refused.status()).isEqualTo(429);
    assertThat(refused.at("/code")).isEqualTo("stream_quota");
    assertThat(refused.header("Retry-After")).isNotEmpty();
    go.countDown();
  }

  @Test
  void refusesMoreWaitingJobsThanTheQuota() throws Exception {
    CountDownLatch go = blockTheOnlySlot("block", Collections.synchronizedList(new ArrayList<>()));
    Http caller = http.as(keys.of("many-jobs", JOBS));
    for (int i = 0; i < 5; i++) {
      caller.submit("one of many");
    }
    Answer refused = caller.post("/v1/jobs", Http.job("one too many"));
    assertThat(refused.status()).isEqualTo(429);
    assertThat(refused.at("/code")).isEqualTo("queue_quota");
    assertThat(refused.header("Retry-After")).isNotEmpty();
    assertThat(http.as(keys.of("another", JOBS)).post("/v1/jobs", Http.job("x")).status())
        .isEqualTo(202);
    go.countDown();
  }

  @Test
  void refusesMoreBytesThanTheQuota() {
    Http caller = http.as(keys.of("many-bytes", JOBS));
    byte[] half = new byte[6000];
    java.util.Arrays.fill(half, (byte) 'x');
    assertThat(caller.upload("/v1/datasets", "x.csv", half, null).status()).isEqualTo(201);
    Answer refused = caller.upload("/v1/datasets", "y.csv", half, null);
    assertThat(refused.status()).as(refused.text()).isEqualTo(429);
    assertThat(refused.at("/code")).isEqualTo("storage_quota");
  }

  @Test
  void slowsDownWhoeverAsksTooFast() {
    Http caller = http.as(keys.of("fast", "jobs:read"));
    Answer last = caller.get("/v1/jobs?limit=1");
    for (int i = 0; i < 400 && last.status() == 200; i++) {
      last = caller.get("/v1/jobs?limit=1");
    }
    assertThat(last.status()).isEqualTo(429);
    assertThat(last.at("/code")).isEqualTo("too_many_requests");
    assertThat(Integer.parseInt(last.header("Retry-After"))).isPositive();
    assertThat(http.as(keys.admin()).get("/v1/jobs").status()).isEqualTo(200);
  }

  @Test
  void endsAJobThatTakesLongerThanAnyMay() {
    FakeEngine.SCRIPTS.put(
        "endless here",
        (spec, context) -> {
          while (true) {
            context.cancellation().check();
            Thread.onSpinWait();
          }
        });
    Http caller = http.as(keys.of("patient", JOBS));
    Answer failed = caller.ended(caller.submit("endless here"));
    assertThat(failed.at("/status")).isEqualTo("failed");
    assertThat(failed.at("/error/code")).isEqualTo("took_too_long");
  }

  @Test
  void makesOneJobOfARepeatedRequest() {
    Http caller = http.as(keys.of("repeats", JOBS));
    Answer first = keyed(caller, "k1", Http.job("once"));
    assertThat(first.status()).as(first.text()).isEqualTo(202);
    Answer again = keyed(caller, "k1", " " + Http.job("once"));
    assertThat(again.status()).isEqualTo(202);
    assertThat(again.at("/id")).isEqualTo(first.at("/id"));
    assertThat(again.header("Location")).isEqualTo(first.header("Location"));
    Answer other = keyed(caller, "k1", Http.job("twice"));
    assertThat(other.status()).isEqualTo(409);
    assertThat(other.at("/code")).isEqualTo("idempotency_key_reused");
    Answer stranger = keyed(http.as(keys.of("stranger", JOBS)), "k1", Http.job("once"));
    assertThat(stranger.at("/id")).isNotEqualTo(first.at("/id"));
  }

  @Test
  void makesOneJobOfRequestsThatComeTogether() throws Exception {
    Http caller = http.as(keys.of("together", JOBS));
    List<String> ids = Collections.synchronizedList(new ArrayList<>());
    List<Thread> threads = new ArrayList<>();
    for (int i = 0; i < 4; i++) {
      Thread thread = new Thread(() -> ids.add(keyed(caller, "k", Http.job("one")).at("/id")));
      thread.start();
      threads.add(thread);
    }
    for (Thread thread : threads) {
      thread.join();
    }
    assertThat(ids).hasSize(4);
    assertThat(ids.stream().distinct()).hasSize(1);
    assertThat(caller.get("/v1/jobs").json().get("data")).hasSize(1);
  }

  private static Answer keyed(Http caller, String key, String body) {
    return caller.post("/v1/jobs", body, "Idempotency-Key", key);
  }

  private String submit(Http caller, String name, int priority, List<String> order) {
    FakeEngine.SCRIPTS.put(
        name,
        (spec, context) -> {
          order.add(name);
          return FakeEngine.succeed(spec, context);
        });
    String body = Http.job(name).replaceFirst("\\{", "{\"priority\": " + priority + ", ");
    return caller.post("/v1/jobs", body).at("/id");
  }

  /** Waits until everything before has ended and the slot is taken by a job that waits. */
  private CountDownLatch blockTheOnlySlot(String name, List<String> order) throws Exception {
    CountDownLatch running = new CountDownLatch(1);
    CountDownLatch go = new CountDownLatch(1);
    FakeEngine.SCRIPTS.put(
        name,
        (spec, context) -> {
          order.add(name);
          running.countDown();
          try {
            go.await();
          } catch (InterruptedException e) {
            throw new AssertionError(e);
          }
          return FakeEngine.succeed(spec, context);
        });
    http.as(keys.of("blocker", JOBS)).submit(name);
    assertThat(running.await(30, TimeUnit.SECONDS)).isTrue();
    return go;
  }
}
