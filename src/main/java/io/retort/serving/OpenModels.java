package io.retort.serving;

import io.retort.model.StoredModel;
import jakarta.annotation.PreDestroy;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/**
 * The models that are open: opened on first use, bounded in number and bytes, the least recently
 * used closed first and none while it is in use.
 */
@Component
class OpenModels {

  private final ServingSettings settings;
  private final ModelOpener opener;

  /** By content, in the order of their last use. */
  private final Map<String, Entry> entries = new LinkedHashMap<>(16, 0.75f, true);

  OpenModels(ServingSettings settings, ModelOpener opener) {
    this.settings = settings;
    this.opener = opener;
  }

  /** A model that is open or about to be; its users are counted under the lock of all. */
  private final class Entry {
    private final StoredModel stored;
    private final long bytes;
    private int users;
    private @Nullable ServedModel served;

    Entry(StoredModel stored) {
      this.stored = stored;
      this.bytes = ServedModel.bytes(stored.info().parameters());
    }

    synchronized ServedModel open() {
      ServedModel open = served;
      if (open == null) {
        open = opener.open(stored);
        served = open;
      }
      return open;
    }

    synchronized void close() {
      if (served != null) {
        served.close();
        served = null;
      }
    }
  }

  /**
   * Does something with a model while it stays open.
   *
   * @throws ServingException where too many others are in use
   */
  <T> T with(StoredModel model, Function<ServedModel, T> work) {
    Entry entry = acquire(model);
    try {
      return work.apply(entry.open());
    } finally {
      release(entry);
    }
  }

  private synchronized Entry acquire(StoredModel model) {
    Entry entry = entries.computeIfAbsent(model.sha256(), sha -> new Entry(model));
    entry.users++;
    makeRoom();
    if (isOver()) {
      entry.users--;
      makeRoom();
      throw ServingException.busy();
    }
    return entry;
  }

  private synchronized void release(Entry entry) {
    entry.users--;
  }

  private void makeRoom() {
    Iterator<Entry> eldest = entries.values().iterator();
    while (isOver() && eldest.hasNext()) {
      Entry entry = eldest.next();
      if (entry.users == 0) {
        eldest.remove();
        entry.close();
      }
    }
  }

  private boolean isOver() {
    return entries.size() > settings.maxModels()
        || entries.values().stream().mapToLong(e -> e.bytes).sum() > settings.maxBytes().toBytes();
  }

  /** How many are open or about to be. */
  synchronized int count() {
    return entries.size();
  }

  @PreDestroy
  synchronized void closeAll() {
    entries.values().forEach(Entry::close);
    entries.clear();
  }
}
