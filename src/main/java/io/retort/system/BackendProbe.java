package io.retort.system;

/** Asks the engine what it computes with. */
@FunctionalInterface
public interface BackendProbe {

  /** Called on every request, so it must not load anything that is not loaded yet. */
  Backend backend();
}
