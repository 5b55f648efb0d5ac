package io.retort.teacher;

import io.retort.outgoing.Outgoing;
import io.retort.outgoing.OutgoingAnswer;
import io.retort.outgoing.OutgoingException;
import io.retort.outgoing.OutgoingRequest;
import io.retort.spec.Cancellation;
import io.retort.spec.EndpointSpec;
import io.retort.spec.SpecReader;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;

/** Requests to one endpoint, made again while that may help. Used by any number of threads. */
final class RemoteCalls {

  private static final Set<Integer> PASSING = Set.of(408, 425, 429, 502, 503, 504);
  private static final Set<String> UNREACHED =
      Set.of("unreachable", "unreachable_host", "too_slow");
  private static final int SHOWN = 200;

  private final Outgoing outgoing;
  private final EndpointSpec endpoint;
  private final @Nullable RemoteToken token;
  private final Patience patience;
  private final String pointer;

  /**
   * @param pointer of the endpoint in the spec
   */
  RemoteCalls(
      Outgoing outgoing,
      EndpointSpec endpoint,
      @Nullable RemoteToken token,
      Patience patience,
      String pointer) {
    this.outgoing = outgoing;
    this.endpoint = endpoint;
    this.token = token;
    this.patience = patience;
    this.pointer = pointer;
  }

  /** The same endpoint, asked with another patience. */
  RemoteCalls with(Patience other) {
    return new RemoteCalls(outgoing, endpoint, token, other, pointer);
  }

  EndpointSpec endpoint() {
    return endpoint;
  }

  /**
   * @param body posted to {@code /infer}; null asks for the metadata
   * @param maxBytes of the answer
   * @throws TeacherException where it answers with a refusal, with no JSON, or not at all
   */
  JsonNode ask(byte @Nullable [] body, long maxBytes) {
    long begun = System.nanoTime();
    for (int attempt = 0; true; attempt++) {
      Try result = once(body, maxBytes);
      if (result.answer() != null) {
        return result.answer();
      }
      long wait = Math.max(result.waitMillis(), patience.waitMillis(attempt));
      long spent = Duration.ofNanos(System.nanoTime() - begun).toMillis();
      if (spent + wait > patience.total().toMillis()) {
        throw failed(
            "teacher_unreachable",
            "%s; it was asked %d times in %d s"
                .formatted(result.reason(), attempt + 1, spent / 1_000));
      }
      sleep(wait);
    }
  }

  /**
   * @param reason why there is no answer
   * @param waitMillis that the server asked for
   */
  private record Try(@Nullable JsonNode answer, String reason, long waitMillis) {}

  private Try once(byte @Nullable [] body, long maxBytes) {
    URI uri = URI.create(endpoint.url() + (body == null ? "" : "/infer"));
    Map<String, String> headers =
        token == null ? Map.of() : Map.of("Authorization", "Bearer " + token.value());
    Duration time = Duration.ofSeconds(endpoint.timeoutSeconds());
    try {
      return outgoing.send(new OutgoingRequest(uri, headers, body, 0, maxBytes, time), this::read);
    } catch (OutgoingException e) {
      if (UNREACHED.contains(e.code())) {
        return new Try(null, e.getMessage().replaceAll("\\.$", ""), 0);
      }
      throw TeacherException.mismatch(e.code(), pointer + "/url", e.getMessage());
    } catch (IOException e) {
      return new Try(null, "The teacher's connection broke", 0);
    }
  }

  private Try read(OutgoingAnswer answer) throws IOException {
    byte[] bytes = answer.body().readAllBytes();
    if (PASSING.contains(answer.status())) {
      return new Try(
          null, "The teacher answers with status " + answer.status(), retryAfter(answer));
    }
    if (answer.status() != 200) {
      throw failed(
          "teacher_refuses",
          "The teacher answers with status " + answer.status() + explanation(bytes));
    }
    try {
      JsonNode json = SpecReader.mapper().readTree(bytes);
      if (json.isObject()) {
        return new Try(json, "", 0);
      }
    } catch (JacksonException e) {
      // said below
    }
    throw failed("teacher_answer_invalid", "The teacher's answer is no JSON object");
  }

  /** Seconds; a date is not worth the trouble of comparing clocks. */
  private static long retryAfter(OutgoingAnswer answer) {
    String seconds = answer.retryAfter();
    return seconds != null && seconds.matches("\\d{1,6}") ? Long.parseLong(seconds) * 1_000 : 0;
  }

  /** What the server says, cut short, and without the token if it repeats that. */
  private String explanation(byte[] bytes) {
    try {
      String error = SpecReader.mapper().readTree(bytes).path("error").asString("");
      String safe = token == null ? error : error.replace(token.value(), "...");
      String line = safe.replaceAll("\\p{Cntrl}", " ");
      return line.isEmpty() ? "" : ": " + line.substring(0, Math.min(SHOWN, line.length()));
    } catch (JacksonException e) {
      return "";
    }
  }

  TeacherException failed(String code, String message) {
    return TeacherException.mismatch(code, pointer + "/url", message + ".");
  }

  private static void sleep(long millis) {
    try {
      Thread.sleep(millis);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new Cancellation.CancelledException();
    }
  }
}
