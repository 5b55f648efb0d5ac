package io.retort.retention;

import io.retort.registry.RegistryException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** One pass over what is kept: removes batch after batch, each thing by itself, and counts. */
final class Sweep {

  private static final int BATCH = 50;

  /** What is left after so long is for the next pass. */
  private static final Duration LONGEST = Duration.ofMinutes(1);

  /** Asks for those of before a time, the oldest first. */
  interface Oldest {
    List<UUID> before(Instant time, int limit);
  }

  private final Map<String, Integer> removed = new TreeMap<>();
  private final Clock clock;
  private final Instant start;

  Sweep(Clock clock) {
    this.clock = clock;
    this.start = clock.instant();
  }

  /** Removes those that are older; none where there is no age. */
  void older(@Nullable Duration age, String what, Oldest oldest, Consumer<UUID> remove) {
    if (age != null) {
      all(what, start.minus(age), oldest, remove, () -> true);
    }
  }

  /** Removes for as long as it is necessary. */
  void whilst(BooleanSupplier necessary, String what, Oldest oldest, Consumer<UUID> remove) {
    all(what, start, oldest, remove, necessary);
  }

  private void all(
      String what,
      Instant before,
      Oldest oldest,
      Consumer<UUID> remove,
      BooleanSupplier necessary) {
    List<UUID> batch;
    do {
      batch = oldest.before(before, BATCH);
      for (UUID id : batch) {
        if (clock.instant().isAfter(start.plus(LONGEST)) || !necessary.getAsBoolean()) {
          return;
        }
        remove(what, id, remove);
      }
    } while (!batch.isEmpty());
  }

  private void remove(String what, UUID id, Consumer<UUID> remove) {
    try {
      remove.accept(id);
      removed.merge(what, 1, Integer::sum);
    } catch (RegistryException usedSince) {
      // A job that was queued a moment ago names it; the next batch leaves it out.
    }
  }

  /** How many of each were removed. */
  Map<String, Integer> removed() {
    return removed;
  }
}
