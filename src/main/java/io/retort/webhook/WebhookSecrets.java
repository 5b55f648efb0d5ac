package io.retort.webhook;

import java.sql.Timestamp;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;
import org.springframework.transaction.annotation.Transactional;

/** What each tenant's deliveries are signed with; made when it is first asked for. */
@Repository
class WebhookSecrets {

  private record Row(
      String secret,
      Instant createdAt,
      @Nullable String previous,
      @Nullable Instant previousUntil) {}

  private final JdbcClient jdbc;
  private final WebhookSettings settings;
  private final Clock clock;

  WebhookSecrets(JdbcClient jdbc, WebhookSettings settings, Clock clock) {
    this.jdbc = jdbc;
    this.settings = settings;
    this.clock = clock;
  }

  @Transactional
  public WebhookSecretView of(String tenant) {
    return view(row(tenant));
  }

  /** Makes a new one; the one before it signs on, beside it, for a while. */
  @Transactional
  public WebhookSecretView rotate(String tenant) {
    var unused = row(tenant);
    Instant now = clock.instant();
    jdbc.sql(
            "update webhook_secret set previous = secret, previous_until = ?, secret = ?,"
                + " created_at = ? where tenant = ?")
        .params(
            Timestamp.from(now.plus(settings.secretOverlap())),
            Signature.newSecret(),
            Timestamp.from(now),
            tenant)
        .update();
    return view(row(tenant));
  }

  /** Those that sign at the moment, the present one first. */
  @Transactional
  public List<String> signing(String tenant) {
    Row row = row(tenant);
    List<String> secrets = new ArrayList<>(List.of(row.secret()));
    if (row.previous() != null && isFuture(row.previousUntil())) {
      secrets.add(row.previous());
    }
    return secrets;
  }

  private Row row(String tenant) {
    jdbc.sql(
            "insert into webhook_secret (tenant, secret, created_at) values (?, ?, ?)"
                + " on conflict do nothing")
        .params(tenant, Signature.newSecret(), Timestamp.from(clock.instant()))
        .update();
    return jdbc.sql(
            "select secret, created_at, previous, previous_until from webhook_secret"
                + " where tenant = ?")
        .param(tenant)
        .query(Row.class)
        .single();
  }

  private WebhookSecretView view(Row row) {
    return new WebhookSecretView(
        row.secret(), row.createdAt(), isFuture(row.previousUntil()) ? row.previousUntil() : null);
  }

  private boolean isFuture(@Nullable Instant time) {
    return time != null && time.isAfter(clock.instant());
  }
}
