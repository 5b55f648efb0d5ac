package io.retort.job.web;

import io.retort.web.RequestException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * How far a stream has come: the last event and the last metric that were sent. It is the id of
 * every message, so a stream can be continued after any of them, in any process.
 */
record StreamPlace(long event, long metric) {

  private static final Pattern TEXT = Pattern.compile("(\\d{1,18})-(\\d{1,18})");

  static StreamPlace of(@Nullable String lastEventId) {
    if (lastEventId == null) {
      return new StreamPlace(0, 0);
    }
    Matcher parts = TEXT.matcher(lastEventId);
    if (!parts.matches()) {
      throw RequestException.parameter(
          "Last-Event-ID", lastEventId, "the id of a message of this stream");
    }
    return new StreamPlace(Long.parseLong(parts.group(1)), Long.parseLong(parts.group(2)));
  }

  @Override
  public String toString() {
    return event + "-" + metric;
  }
}
