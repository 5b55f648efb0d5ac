package io.retort.crash;

import static org.assertj.core.api.Assertions.assertThat;

import io.retort.testing.NeedsBackend;
import io.retort.testing.RetortProcess;
import java.net.http.HttpClient;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/**
 * One Retort teaches another, and each is killed in the middle of labelling and started again on
 * its port and data. What comes of it must be what an undisturbed job gives. Takes a minute of four
 * starts, so {@code tests/remote-restart.sh} runs it and {@code verify} does not.
 */
@NeedsBackend
@EnabledIfSystemProperty(named = "crash.remote", matches = "true")
class RemoteRestartTest {

  private static final int ROWS = 5_000;
  private static final int IN_FLIGHT = 4;
  private static final int BATCH = 50;
  private static final String TEACHER =
      """
      {"type": "train", "dataset": {"uri": "sample:mnist1d"},
       "teacher": {"architecture": {"type": "mlp", "hidden": [30]}}, "training": {"epochs": 2}}
      """;

  @TempDir Path directory;
  private int teacherPort;
  private int studentPort;
  private Process teaching;
  private Process learning;
  private CountingProxy proxy;

  @BeforeEach
  void start() throws Exception {
    teacherPort = RetortProcess.freePort();
    studentPort = RetortProcess.freePort();
    Files.createDirectories(directory.resolve("teacher"));
    Files.createDirectories(directory.resolve("student"));
    teaching = startTeacher();
    learning = startStudent();
    proxy = new CountingProxy(teacherPort);
  }

  private Process startTeacher() throws Exception {
    return startIn(directory.resolve("teacher"), teacherPort);
  }

  private Process startStudent() throws Exception {
    return startIn(
        directory.resolve("student"),
        studentPort,
        "retort.dataset.allowed-hosts=127.0.0.1",
        "retort.soft-targets.commit-every=0s",
        "db-scheduler.heartbeat-interval=500ms");
  }

  private static Process startIn(Path home, int port, String... settings) throws Exception {
    return RetortProcess.start(home, home.resolve("data"), "log", port, List.of(settings));
  }

  @AfterEach
  void stop() throws Exception {
    proxy.close();
    for (Process process : new Process[] {teaching, learning}) {
      process.destroy(); // stops its database, too
      if (!process.waitFor(30, TimeUnit.SECONDS)) {
        process.destroyForcibly().waitFor();
      }
    }
  }

  private static String spec(int port, String model, int seed) {
    return """
    {"dataset": {"uri": "sample:mnist1d?seed=%d"},
     "teacher": {"endpoint": {"url": "http://127.0.0.1:%d/v2/models/%s",
                              "inFlight": %d, "batchSize": %d}},
     "student": {"architecture": {"type": "logistic"}}, "training": {"epochs": 2}}
    """
        .formatted(seed, port, model, IN_FLIGHT, BATCH);
  }

  @Test
  void eitherSideMayBeKilledAndNoRowIsLostOrAskedForTwice() throws Exception {
    HttpClient http = HttpClient.newHttpClient();
    Api teacher = new Api(http, teacherPort, "");
    Api student = new Api(http, studentPort, "");
    teacher.ended(teacher.submit(TEACHER));
    String model = teacher.get("/v1/models").at("/data/0/id").asString();
    teacherIsKilled(student, model);
    jobIsKilled(student, model);
  }

  private void teacherIsKilled(Api student, String model) throws Exception {
    String job = student.submit(spec(proxy.port(), model, 1));
    untilAnswered(ROWS / 3);
    teaching.destroyForcibly().waitFor();
    assertThat(proxy.answered().size()).as("in the middle").isLessThan(ROWS * 2 / 3);
    teaching = startTeacher();
    JsonNode result = succeeded(student, job);
    assertThat(proxy.refused()).isPositive();
    assertThat(proxy.answered().size()).isEqualTo(ROWS);
    assertThat(moreThanOnce(proxy.answered())).as("answered twice").isZero();
    assertThat(moreThanOnce(proxy.asked()))
        .as("asked again: what was under way at the kill, at most")
        .isLessThanOrEqualTo(IN_FLIGHT * BATCH);
    assertThat(result.at("/softTargets/computed").asInt()).isEqualTo(ROWS);
    sameAsUndisturbed(result, student, spec(teacherPort, model, 1));
  }

  private void jobIsKilled(Api student, String model) throws Exception {
    Set<String> unused = proxy.forget();
    String job = student.submit(spec(proxy.port(), model, 2));
    untilAnswered(ROWS / 2);
    learning.destroyForcibly().waitFor();
    Set<String> before = proxy.forget();
    assertThat(before.size()).as("in the middle").isLessThan(ROWS * 4 / 5);
    learning = startStudent();
    JsonNode result = succeeded(student, job);
    assertThat(student.job(job).at("/attempt").asInt()).isEqualTo(2);
    int known = result.at("/softTargets/known").asInt();
    assertThat(proxy.asked().size()).as("only what was missing").isEqualTo(ROWS - known);
    assertThat(moreThanOnce(proxy.asked())).isZero();
    int lost = before.size() - known;
    assertThat(lost)
        .as("answered, but not kept when the process died: %d of %d", lost, before.size())
        .isLessThanOrEqualTo(before.size() / 4 + IN_FLIGHT * BATCH);
    before.addAll(proxy.answered().keySet());
    assertThat(before.size()).isEqualTo(ROWS);
    sameAsUndisturbed(result, student, spec(teacherPort, model, 2));
  }

  private void untilAnswered(int rows) throws Exception {
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
    while (proxy.answered().size() < rows) {
      assertThat(System.nanoTime()).isLessThan(end);
      Thread.sleep(5);
    }
  }

  private static long moreThanOnce(Map<String, AtomicInteger> rows) {
    return rows.values().stream().filter(times -> times.get() > 1).count();
  }

  private static JsonNode succeeded(Api client, String job) throws Exception {
    JsonNode ended = client.ended(job);
    assertThat(ended.at("/status").asString()).as(ended.toString()).isEqualTo("succeeded");
    return client.get("/v1/jobs/" + job + "/artifacts/result.json");
  }

  /** Under another address it is another teacher, of which no row is known yet. */
  private static void sameAsUndisturbed(JsonNode result, Api student, String direct)
      throws Exception {
    JsonNode undisturbed = succeeded(student, student.submit(direct));
    assertThat(undisturbed.at("/softTargets/computed").asInt()).isEqualTo(ROWS);
    String parameters = "/trainings/student/parametersSha256";
    assertThat(result.at(parameters)).isEqualTo(undisturbed.at(parameters));
    assertThat(result.at("/report/teacher")).isEqualTo(undisturbed.at("/report/teacher"));
  }
}
