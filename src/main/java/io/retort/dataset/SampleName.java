package io.retort.dataset;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A generated dataset: {@code sample:mnist1d} or {@code sample:mnist1d?seed=7}.
 *
 * @param seed the same seed gives the same rows
 */
record SampleName(long seed) {

  private static final Pattern MNIST1D = Pattern.compile("mnist1d(\\?seed=(\\d{1,18}))?");

  static SampleName of(Location location) {
    Matcher m = MNIST1D.matcher(location.rest());
    if (!m.matches()) {
      throw location.problem(
          "not_found",
          "There is no sample "
              + Shorten.text(location.rest())
              + "; there is `sample:mnist1d`, also as `sample:mnist1d?seed=7`.");
    }
    return new SampleName(m.group(2) == null ? Mnist1d.DEFAULT_SEED : Long.parseLong(m.group(2)));
  }
}
