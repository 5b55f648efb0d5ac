package io.retort.serving;

import jakarta.annotation.PreDestroy;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Function;
import org.springframework.stereotype.Component;

/**
 * The models that are loaded, by content, bounded in number and memory. The least recently used
 * goes first, but never one that is in use.
 */
@Component
class LoadedModels {

  private final ServingSettings settings;
  private final OpenModel opener;
  private final Map<String, Entry> entries = new LinkedHashMap<>(16, 0.75f, true);
  private long bytes;

  LoadedModels(ServingSettings settings, OpenModel opener) {
    this.settings = settings;
    this.opener = opener;
  }

  private static final class Entry {
    private final LoadedModel model;
    private final long bytes;
    private int users;

    Entry(LoadedModel model, long bytes) {
      this.model = model;
      this.bytes = bytes;
    }
  }

  /**
   * Uses a model, loading it if need be.
   *
   * @throws ServingException where there is no room for it, now or ever
   */
  <T> T with(Servable servable, Function<LoadedModel, T> use) {
    Entry entry = take(servable);
    try {
      return use.apply(entry.model);
    } finally {
      release(entry);
    }
  }

  private synchronized Entry take(Servable servable) {
    String key = servable.model().sha256();
    Entry entry = entries.get(key);
    if (entry == null) {
      long needed = servable.bytes();
      makeRoom(needed);
      entry = new Entry(new LoadedModel(() -> opener.open(servable)), needed);
      entries.put(key, entry);
      bytes += needed;
    }
    entry.users++;
    return entry;
  }

  private void makeRoom(long needed) {
    long most = settings.maxBytes().toBytes();
    if (needed > most) {
      throw ServingException.notServable(
          "The model takes about %,d bytes, and served models may take %,d (retort.serving.max-bytes)."
              .formatted(needed, most));
    }
    Iterator<Entry> oldest = entries.values().iterator();
    while (entries.size() >= settings.maxModels() || bytes + needed > most) {
      if (!oldest.hasNext()) {
        throw ServingException.busy("All models that fit into memory are in use");
      }
      Entry entry = oldest.next();
      if (entry.users == 0) {
        oldest.remove();
        bytes -= entry.bytes;
        entry.model.close();
      }
    }
  }

  private synchronized void release(Entry entry) {
    entry.users--;
  }

  synchronized int size() {
    return entries.size();
  }

  @PreDestroy
  synchronized void close() {
    entries.values().forEach(entry -> entry.model.close());
    entries.clear();
    bytes = 0;
  }
}
