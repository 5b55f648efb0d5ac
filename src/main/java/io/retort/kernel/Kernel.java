package io.retort.kernel;

import java.util.List;

/** A computation whose arrays are bound: it runs again and again and allocates nothing. */
public interface Kernel {

  void run();

  /** Several, one after the other. */
  static Kernel sequence(List<Kernel> kernels) {
    if (kernels.size() == 1) {
      return kernels.get(0);
    }
    Kernel[] all = kernels.toArray(Kernel[]::new);
    return () -> {
      for (Kernel kernel : all) {
        kernel.run();
      }
    };
  }
}
