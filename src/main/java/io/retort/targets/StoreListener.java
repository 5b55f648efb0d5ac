package io.retort.targets;

import java.io.IOException;

/** Told what a store does, by any thread. */
public interface StoreListener {

  /** Nobody listens. */
  StoreListener NONE = new StoreListener() {};

  /** Rows of a job whose soft targets were there already, or that equal another row of it. */
  default void known(long rows) {}

  /** Rows that a teacher has computed. */
  default void computed(long rows) {}

  default void written(long bytes) {}

  /** Copied from where machines share soft targets. */
  default void fetched(long bytes) {}

  /** That place does not answer; labelling goes on without it. */
  default void away(IOException why) {}

  /** A group of segments has made room for others. */
  default void evicted(long bytes) {}

  /** A file was not as it was written; it is removed, and its rows are computed anew. */
  default void damaged() {}
}
