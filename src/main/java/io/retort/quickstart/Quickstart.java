package io.retort.quickstart;

import io.retort.access.AdminKey;
import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Objects;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.context.event.ApplicationReadyEvent;
import org.springframework.boot.web.server.context.WebServerApplicationContext;
import org.springframework.context.annotation.Profile;
import org.springframework.context.event.EventListener;
import org.springframework.core.io.ClassPathResource;
import org.springframework.stereotype.Component;
import org.springframework.web.client.RestClient;
import org.springframework.web.client.RestClientException;
import tools.jackson.databind.JsonNode;

/**
 * Submits the sample job once the service is up, as any caller would, and tells how it goes. The
 * service goes on serving afterwards, whatever came of the job.
 */
@Component
@Profile("quickstart")
class Quickstart {

  private static final Logger log = LoggerFactory.getLogger(Quickstart.class);

  private final PrintStream out = System.out;
  private final AdminKey key;

  Quickstart(AdminKey key) {
    this.key = key;
  }

  @EventListener
  void run(ApplicationReadyEvent event) {
    if (event.getApplicationContext() instanceof WebServerApplicationContext web
        && web.getWebServer() != null) {
      String base = "http://127.0.0.1:" + web.getWebServer().getPort();
      Thread thread = new Thread(() -> tell(base), "quickstart");
      thread.setDaemon(true);
      thread.start();
    }
  }

  private void tell(String base) {
    try {
      RestClient client = client(base);
      JsonNode job = submit(client);
      String id = job.path("id").asString();
      out.printf("%nSubmitted the sample job %s%n  %s%n%n", id, job.path("formula").asString(""));
      job = follow(client, id);
      if (job.path("status").asString("").equals("succeeded")) {
        JsonNode report = get(client, "/v1/jobs/" + id + "/report");
        out.print(ComparisonTable.of(report));
      } else {
        out.println(
            "The job "
                + job.path("status").asString("")
                + ": "
                + job.path("error").path("detail").asString("no reason was given"));
      }
      out.printf(
          "%nFiles       %s/v1/jobs/%s/artifacts%nReport      %s/v1/jobs/%s/report%n"
              + "Swagger UI  %s/swagger-ui.html%n%nStill serving; Ctrl+C ends it.%n",
          base, id, base, id, base);
    } catch (RestClientException | InterruptedException e) {
      log.warn("The sample job could not be run: {}", e.getMessage());
    }
  }

  private RestClient client(String base) {
    RestClient.Builder client = RestClient.builder().baseUrl(base);
    key.ifRequired().ifPresent(k -> client.defaultHeader("Authorization", "Bearer " + k));
    return client.build();
  }

  private static JsonNode submit(RestClient client) {
    return Objects.requireNonNull(
        client
            .post()
            .uri("/v1/jobs")
            .header("Content-Type", "application/json")
            .body(sampleJob())
            .retrieve()
            .body(JsonNode.class));
  }

  // on a JDK 22 or newer a pipe counts as a console too, and gets the redrawn line
  @SuppressWarnings("SystemConsoleNull")
  private JsonNode follow(RestClient client, String id) throws InterruptedException {
    ProgressLine line = new ProgressLine(out, System.console() != null);
    while (true) {
      JsonNode job = get(client, "/v1/jobs/" + id);
      line.show(
          job.path("phase").asString(job.path("status").asString("")),
          job.path("progress").asDouble(0));
      if (!job.path("finishedAt").isNull() && !job.path("finishedAt").isMissingNode()) {
        line.end();
        return job;
      }
      Thread.sleep(500);
    }
  }

  private static JsonNode get(RestClient client, String path) {
    return Objects.requireNonNull(client.get().uri(path).retrieve().body(JsonNode.class));
  }

  private static String sampleJob() {
    try {
      return new ClassPathResource("sample-job.json").getContentAsString(StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
