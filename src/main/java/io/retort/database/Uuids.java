package io.retort.database;

import java.util.UUID;
import org.hibernate.id.uuid.UuidVersion7Strategy;

/** Ids that sort by the time at which they were made. */
public final class Uuids {

  private Uuids() {}

  /** A new UUID of version 7, greater than every one made before it in this process. */
  public static UUID next() {
    return UuidVersion7Strategy.INSTANCE.generateUuid(null);
  }
}
