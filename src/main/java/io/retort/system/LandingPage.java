package io.retort.system;

import io.retort.access.Tenants;
import io.retort.job.Job;
import io.retort.job.JobSearch;
import io.retort.job.JobSearch.Filter;
import io.retort.web.Api;
import io.retort.web.RequiresScope;
import io.swagger.v3.oas.annotations.Hidden;
import jakarta.servlet.http.HttpServletRequest;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.springframework.core.io.ClassPathResource;
import org.springframework.http.CacheControl;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.servlet.support.ServletUriComponentsBuilder;
import org.springframework.web.util.HtmlUtils;

/** A page for whoever opens the service in a browser. */
@Api
@Hidden
class LandingPage {

  private static final int JOBS = 8;
  private static final Filter ALL = new Filter(List.of(), null, null, Map.of(), null, null);

  private final SystemStatus status;
  private final JobSearch jobs;
  private final String template;

  LandingPage(SystemStatus status, JobSearch jobs) throws IOException {
    this.status = status;
    this.jobs = jobs;
    this.template =
        new ClassPathResource("pages/landing.html").getContentAsString(StandardCharsets.UTF_8);
  }

  @RequiresScope({})
  @GetMapping(path = "/", produces = MediaType.TEXT_HTML_VALUE)
  ResponseEntity<String> page(HttpServletRequest request) {
    SystemStatus.View now = status.now();
    List<Job> last = Tenants.ifAny().isEmpty() ? List.of() : jobs.page(ALL, JOBS, null).data();
    String page =
        template
            .replace("{{version}}", text(now.version()))
            .replace("{{base}}", text(base(request)))
            .replace("{{backend}}", text(backend(now.backend())))
            .replace("{{workers}}", String.valueOf(now.workers().size()))
            .replace("{{queued}}", String.valueOf(now.queueDepth()))
            .replace("{{running}}", String.valueOf(now.running()))
            .replace("{{jobs}}", last.isEmpty() ? NO_JOBS : rows(last));
    return ResponseEntity.ok()
        .cacheControl(CacheControl.noStore())
        .header("Content-Security-Policy", "default-src 'none'; style-src 'unsafe-inline'")
        .contentType(new MediaType(MediaType.TEXT_HTML, StandardCharsets.UTF_8))
        .body(page);
  }

  private static final String NO_JOBS =
      "<tr><td colspan=\"4\" class=\"empty\">No jobs yet. The Swagger UI has one to try.</td></tr>";

  private static String rows(List<Job> jobs) {
    return jobs.stream().map(LandingPage::row).collect(Collectors.joining("\n"));
  }

  private static String row(Job job) {
    String name = job.name();
    return """
        <tr><td><a href="/v1/jobs/%s">%s</a></td><td>%s</td>\
        <td><span class="status %s">%s</span></td><td>%d&thinsp;%%</td></tr>"""
        .formatted(
            job.id(),
            text(name == null ? job.id().toString() : name),
            text(job.createdAt().toString().substring(0, 16).replace('T', ' ')),
            job.status(),
            job.status(),
            Math.round(job.progress() * 100));
  }

  private static String base(HttpServletRequest request) {
    return ServletUriComponentsBuilder.fromContextPath(request).build().toUriString();
  }

  private static String backend(Backend backend) {
    return "%s, %s, %d threads"
        .formatted(backend.library(), backend.instructionSet(), backend.threads());
  }

  private static String text(String raw) {
    return HtmlUtils.htmlEscape(raw);
  }
}
