package io.retort.engine;

import io.retort.artifact.Buckets;
import io.retort.targets.SharedTargets;
import io.retort.testing.S3Service;

/** What a labelling is given in the service. */
public final class SharedTargetsOf {

  private SharedTargetsOf() {}

  public static SharedTargets bucket(S3Service s3) {
    return new BucketTargets(Buckets.of(s3));
  }
}
