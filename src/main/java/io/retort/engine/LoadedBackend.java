package io.retort.engine;

import io.retort.system.Backend;
import io.retort.system.BackendProbe;
import io.retort.training.ComputeBackend;
import io.retort.worker.WorkerSettings;
import java.util.Locale;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.context.event.ApplicationReadyEvent;
import org.springframework.context.event.EventListener;
import org.springframework.stereotype.Component;

/**
 * Loads the native libraries once the service is up, so that the first job does not wait for them,
 * and tells what they are. A process without a worker never loads them.
 */
@Component
class LoadedBackend implements BackendProbe {

  private static final Logger LOG = LoggerFactory.getLogger(LoadedBackend.class);

  private final WorkerSettings worker;
  private volatile Backend backend;

  LoadedBackend(WorkerSettings worker) {
    this.worker = worker;
    this.backend = describe("none", worker.enabled() ? "loading" : "not loaded", "unknown");
  }

  @EventListener
  void load(ApplicationReadyEvent event) {
    if (worker.enabled()) {
      Thread thread = new Thread(this::load, "load-backend");
      thread.setDaemon(true);
      thread.start();
    }
  }

  private void load() {
    try {
      ComputeBackend found = ComputeBackend.describe();
      backend =
          describe(
              found.name().toLowerCase(Locale.ROOT),
              "ND4J " + found.version() + ", " + found.blas(),
              found.instructionSet());
      LOG.info(
          "Computing on {} ({}, {})", backend.type(), backend.library(), found.instructionSet());
    } catch (RuntimeException | LinkageError e) {
      LOG.error("The native libraries cannot be loaded; jobs will fail", e);
      backend = describe("none", "failed to load", "unknown");
    }
  }

  private static Backend describe(String type, String library, String instructionSet) {
    return new Backend(
        type,
        library,
        instructionSet,
        System.getProperty("os.name") + " " + System.getProperty("os.arch"),
        Runtime.getRuntime().availableProcessors());
  }

  @Override
  public Backend backend() {
    return backend;
  }
}
