package io.retort.artifact;

import java.net.URI;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;

/**
 * Where files lie that all machines need.
 *
 * @param s3 null means in the data directory, which all processes share
 * @param minFree disk space below which the service is not ready and its workers take no jobs
 * @param cacheSize of what a machine keeps of the bucket's artifacts, uploads and models
 */
@ConfigurationProperties("retort.store")
record StoreSettings(
    @Nullable S3 s3,
    @DefaultValue("256MB") DataSize minFree,
    @DefaultValue("20GB") DataSize cacheSize) {

  /**
   * A bucket.
   *
   * @param endpoint of another service than Amazon's
   * @param accessKey with {@code secretKey}; without them the SDK looks where it always does
   *     (environment, profile, the machine's role)
   * @param pathStyle the bucket in the path instead of the host name, as most other services want
   * @param timeout without a byte after which a request is tried again
   */
  record S3(
      String bucket,
      @Nullable URI endpoint,
      @DefaultValue("us-east-1") String region,
      @Nullable String accessKey,
      @Nullable String secretKey,
      @DefaultValue("false") boolean pathStyle,
      @DefaultValue("20s") Duration timeout) {

    S3 {
      if ((accessKey == null) != (secretKey == null)) {
        throw new IllegalArgumentException(
            "retort.store.s3.access-key and retort.store.s3.secret-key belong together; one is"
                + " missing");
      }
    }

    @Override
    public String toString() {
      return "the bucket " + bucket;
    }
  }
}
