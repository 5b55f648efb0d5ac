package io.retort.artifact;

import io.retort.testing.S3Service;
import java.time.Duration;
import org.springframework.util.unit.DataSize;

/** The bucket of a service of the tests, as the service itself reaches it. */
public final class Buckets {

  private Buckets() {}

  public static SharedFiles of(S3Service s3) {
    return new StoreConfiguration()
        .sharedFiles(
            new StoreSettings(
                new StoreSettings.S3(
                    "retort",
                    s3.endpoint(),
                    "us-east-1",
                    "test-key",
                    "test-secret",
                    true,
                    Duration.ofSeconds(20)),
                DataSize.ofMegabytes(1),
                DataSize.ofGigabytes(1)));
  }
}
