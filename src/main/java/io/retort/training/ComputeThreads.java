package io.retort.training;

import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.nativeblas.NativeOpsHolder;

/** How many threads native operations use, set by whoever is about to compute. */
final class ComputeThreads {

  private static int current;

  private ComputeThreads() {}

  static synchronized void use(int threads) {
    if (threads != current) {
      Nd4j.getExecutioner(); // loads the backend that the holder hands out
      NativeOpsHolder.getInstance().getDeviceNativeOps().setOmpNumThreads(threads);
      current = threads;
    }
  }
}
