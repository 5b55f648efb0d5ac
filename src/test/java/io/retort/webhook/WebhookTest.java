package io.retort.webhook;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.retort.job.JobMoved;
import io.retort.testing.FakeEngine;
import io.retort.testing.Http;
import io.retort.testing.Http.Answer;
import io.retort.testing.ServiceTest;
import io.retort.webhook.Receiver.Request;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.function.BooleanSupplier;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.jdbc.core.simple.JdbcClient;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

@ServiceTest
class WebhookTest {

  @Autowired Http http;
  @Autowired JdbcClient jdbc;
  private Receiver receiver;

  @BeforeEach
  void open() throws IOException {
    receiver = new Receiver();
  }

  @AfterEach
  void close() {
    receiver.close();
  }

  @Test
  void tellsOfTheEndOfAJobOnceTheReceiverIsBackUp() throws GeneralSecurityException {
    String job = submit("told", receiver.url("hook", 500, 500, 200) + "?token=abc");
    awaitStatus(job, 0, "delivered");

    JsonNode delivery = delivery(job, 0);
    assertThat(delivery.get("event").asString()).isEqualTo("job.succeeded");
    assertThat(delivery.get("attempts").asInt()).isEqualTo(3);
    assertThat(delivery.get("lastStatus").asInt()).isEqualTo(200);
    assertThat(delivery.get("url").asString()).endsWith("/hook");
    assertThat(delivery.get("deliveredAt").isNull()).isFalse();
    assertThat(delivery.get("nextAttemptAt").isNull()).isTrue();
    assertThat(http.get("/v1/jobs/" + job + "/deliveries").json().get("data")).hasSize(1);

    List<Request> requests = receiver.at("hook");
    assertThat(requests).hasSize(3);
    assertThat(requests).extracting(Request::id).containsOnly(requests.get(0).id());
    assertThat(requests).extracting(Request::body).containsOnly(requests.get(0).body());
    JsonNode body = new JsonMapper().readTree(requests.get(2).body());
    assertThat(body.propertyNames()).containsExactly("type", "timestamp", "data");
    assertThat(body.get("type").asString()).isEqualTo("job.succeeded");
    assertThat(Instant.parse(body.get("timestamp").asString())).isBeforeOrEqualTo(Instant.now());
    assertThat(body.get("data").toString())
        .isEqualTo(
            "{\"jobId\":\"%s\",\"name\":\"told\",\"status\":\"succeeded\",\"attempt\":1}"
                .formatted(job));
    String secret = http.get("/v1/webhook-secret").at("/secret");
    assertThat(requests).allSatisfy(r -> assertThat(signatures(r)).contains(hmac(r, secret)));
  }

  @Test
  void signsWithTheSecretBeforeForAWhile() throws GeneralSecurityException {
    String before = http.get("/v1/webhook-secret").at("/secret");
    Answer rotated = http.post("/v1/webhook-secret/rotate");
    String after = rotated.at("/secret");
    assertThat(after).startsWith("whsec_").isNotEqualTo(before);
    assertThat(Base64.getDecoder().decode(after.substring(6))).hasSize(32);
    assertThat(Instant.parse(rotated.at("/previousUntil")))
        .isBetween(
            Instant.now().plus(Duration.ofHours(23)), Instant.now().plus(Duration.ofDays(1)));
    assertThat(http.get("/v1/webhook-secret").at("/secret")).isEqualTo(after);

    awaitStatus(submit("rotated", receiver.url("both", 204)), 0, "delivered");
    Request request = receiver.at("both").get(0);
    assertThat(signatures(request)).containsExactly(hmac(request, after), hmac(request, before));

    jdbc.sql("update webhook_secret set previous_until = now()").update();
    awaitStatus(submit("rotated", receiver.url("one", 204)), 0, "delivered");
    Request later = receiver.at("one").get(0);
    assertThat(signatures(later)).containsExactly(hmac(later, after));
    assertThat(http.get("/v1/webhook-secret").json().get("previousUntil").isNull()).isTrue();
  }

  @Test
  void tellsOfWhatWasAskedFor() {
    FakeEngine.SCRIPTS.put(
        "fails",
        (spec, context) -> {
          throw new FakeEngine.BadData("ragged_rows", "Row 3 has 4 columns.");
        });
    String all = receiver.url("all", 200);
    String some = receiver.url("some", 200);
    String job =
        submit(
            "fails",
            """
            [{"url": "%s", "events": ["job.failed", "job.running"]}, {"url": "%s", "events": ["job.cancelled"]}]
            """
                .formatted(all, some));
    awaitStatus(job, 1, "delivered");
    assertThat(events(job)).containsExactly("job.running", "job.failed");
    assertThat(receiver.at("some")).isEmpty();
  }

  @Test
  void tellsOfACancelledJobThatNeverRan() throws InterruptedException {
    CountDownLatch release = new CountDownLatch(1);
    FakeEngine.SCRIPTS.put(
        "blocks",
        (spec, context) -> {
          while (release.getCount() > 0) {
            context.cancellation().check();
            Thread.onSpinWait();
          }
          return FakeEngine.succeed(spec, context);
        });
    List<String> blocking = Stream.generate(() -> http.submit("blocks")).limit(4).toList();
    String job = submit("queued", receiver.url("cancelled", 200));
    http.post("/v1/jobs/" + job + "/cancel");
    awaitStatus(job, 0, "delivered");
    assertThat(events(job)).containsExactly("job.cancelled");
    release.countDown();
    blocking.forEach(http::ended);
  }

  @Test
  void stopsForAReceiverThatIsGone() {
    String job = submit("gone", receiver.url("gone", 410), "job.running", "job.succeeded");
    awaitStatus(job, 0, "failed");
    assertThat(http.ended(job).at("/status")).isEqualTo("succeeded");
    assertThat(delivery(job, 0).get("lastStatus").asInt()).isEqualTo(410);
    until(() -> statuses(job).stream().allMatch("failed"::equals));
    assertThat(receiver.at("gone")).hasSizeLessThanOrEqualTo(2);
  }

  @Test
  void followsNoRedirect() {
    String job = submit("redirected", receiver.url("moved", 302, 200));
    awaitStatus(job, 0, "delivered");
    assertThat(receiver.at("moved")).hasSize(2);
  }

  @Test
  void givesUpAfterTheLastAttempt() {
    String job = submit("hopeless", receiver.url("down", 503));
    until(() -> delivery(job, 0).path("attempts").asInt(0) >= 2);
    jdbc.sql("update delivery set attempts = 9, next_attempt_at = now() where job_id = ?::uuid")
        .param(job)
        .update();
    jdbc.sql("update chore set execution_time = now() where task_name = 'webhook'").update();
    awaitStatus(job, 0, "failed");
    assertThat(delivery(job, 0).get("attempts").asInt()).isEqualTo(10);
    assertThat(delivery(job, 0).get("nextAttemptAt").isNull()).isTrue();
  }

  @Test
  void aReceiverThatHangsKeepsNeitherJobsNorOthersWaiting() {
    String hanging = receiver.url("hangs", 0);
    List<String> stuck = IntStream.range(0, 12).mapToObj(i -> submit("stuck", hanging)).toList();
    stuck.forEach(job -> assertThat(http.ended(job).at("/status")).isEqualTo("succeeded"));
    until(() -> delivery(stuck.get(0), 0).path("attempts").asInt(0) >= 1);
    JsonNode delivery = delivery(stuck.get(0), 0);
    assertThat(delivery.get("lastError").asString()).isEqualTo("unreachable");
    assertThat(delivery.get("lastStatus").isNull()).isTrue();
    stuck.forEach(job -> http.delete("/v1/jobs/" + job));
  }

  /** The process dies after the status was written and before anybody was told. */
  @Test
  void tellsWhatAWorkerThatDiedHadNotTold() {
    String job = submit("survives", receiver.url("late", 200));
    awaitStatus(job, 0, "delivered");
    UUID left = UUID.randomUUID();
    jdbc.sql(
            "insert into delivery (id, message_id, job_id, event, url, body, status,"
                + " next_attempt_at, created_at) select ?, ?, job_id, event, url, body, 'PENDING',"
                + " now(), now() from delivery where job_id = ?::uuid")
        .params(left, left, job)
        .update();
    jdbc.sql(
            "insert into chore (task_name, task_instance, execution_time, picked, picked_by,"
                + " last_heartbeat, version) values ('webhook', ?, now() - interval '1 hour', true,"
                + " 'dead-worker', now() - interval '1 hour', 1)")
        .param(left.toString())
        .update();
    until(() -> receiver.at("late").stream().anyMatch(r -> r.id().equals(left.toString())));
  }

  @Test
  void sendsAMessageAgainUnderItsId() {
    String job = submit("again", receiver.url("twice", 200));
    awaitStatus(job, 0, "delivered");
    String first = delivery(job, 0).get("id").asString();
    Answer again = http.post("/v1/jobs/" + job + "/deliveries/" + first + "/redeliver");
    assertThat(again.status()).as(again.text()).isEqualTo(202);
    assertThat(again.at("/status")).isEqualTo("pending");
    awaitStatus(job, 1, "delivered");
    assertThat(receiver.at("twice")).extracting(Request::id).containsExactly(first, first);
    assertThat(
            http.post("/v1/jobs/" + job + "/deliveries/" + UUID.randomUUID() + "/redeliver")
                .at("/code"))
        .isEqualTo("delivery_not_found");
    Answer page = http.get("/v1/jobs/" + job + "/deliveries?limit=1");
    assertThat(page.at("/hasMore")).isEqualTo("true");
    assertThat(
            http.get("/v1/jobs/" + job + "/deliveries?limit=1&after=" + page.at("/nextCursor"))
                .at("/data/0/id"))
        .isEqualTo(again.at("/id"));
  }

  @Test
  void deletingAJobForgetsItsDeliveries() {
    String job = submit("deleted", receiver.url("never", 500));
    http.ended(job);
    assertThat(http.delete("/v1/jobs/" + job).status()).isEqualTo(204);
    until(
        () ->
            jdbc.sql(
                        "select count(*) from chore c where task_name = 'webhook' and not exists"
                            + " (select 1 from delivery d where d.id::text = c.task_instance)")
                    .query(Integer.class)
                    .single()
                == 0);
  }

  /** What is written is written with the status or not at all. */
  @Test
  void notesDeliveriesOnlyInTheTransactionOfTheChange(@Autowired NoteDeliveries note) {
    assertThatThrownBy(() -> note.note(new JobMoved(null)))
        .isInstanceOf(org.springframework.transaction.IllegalTransactionStateException.class);
  }

  private String submit(String name, String url, String... events) {
    String wanted =
        events.length == 0 ? "" : ", \"events\": [\"" + String.join("\", \"", events) + "\"]";
    String notify = url.startsWith("[") ? url : "[{\"url\": \"" + url + "\"" + wanted + "}]";
    String job = Http.job(name).strip();
    Answer answer =
        http.post("/v1/jobs", job.substring(0, job.length() - 1) + ", \"notify\": " + notify + "}");
    assertThat(answer.status()).as(answer.text()).isEqualTo(202);
    return answer.at("/id");
  }

  private JsonNode delivery(String job, int number) {
    return http.get("/v1/jobs/" + job + "/deliveries").json().at("/data/" + number);
  }

  private List<String> events(String job) {
    return all(job, "event");
  }

  private List<String> statuses(String job) {
    return all(job, "status");
  }

  private List<String> all(String job, String field) {
    return http.get("/v1/jobs/" + job + "/deliveries")
        .json()
        .get("data")
        .valueStream()
        .map(d -> d.get(field).asString())
        .toList();
  }

  private void awaitStatus(String job, int number, String status) {
    until(() -> delivery(job, number).path("status").asString("").equals(status));
  }

  private static void until(BooleanSupplier condition) {
    Instant limit = Instant.now().plusSeconds(30);
    while (!condition.getAsBoolean()) {
      assertThat(Instant.now()).as("30 s are over").isBefore(limit);
      try {
        Thread.sleep(50);
      } catch (InterruptedException e) {
        throw new AssertionError(e);
      }
    }
  }

  private static List<String> signatures(Request request) {
    return List.of(request.signature().split(" "));
  }

  /** As the specification has it: HMAC-SHA256 of {@code id.timestamp.body}, in Base64. */
  private static String hmac(Request request, String secret) throws GeneralSecurityException {
    Mac mac = Mac.getInstance("HmacSHA256");
    byte[] key = Base64.getDecoder().decode(secret.replaceFirst("^whsec_", ""));
    mac.init(new SecretKeySpec(key, "HmacSHA256"));
    String signed = request.id() + "." + request.timestamp() + "." + request.body();
    return "v1,"
        + Base64.getEncoder().encodeToString(mac.doFinal(signed.getBytes(StandardCharsets.UTF_8)));
  }
}
