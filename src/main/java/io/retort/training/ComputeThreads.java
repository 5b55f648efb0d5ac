package io.retort.training;

import io.retort.model.ModelDefinition;
import org.nd4j.nativeblas.NativeOpsHolder;

/**
 * How many threads the calling thread's native operations use. OpenMP keeps the number per calling
 * thread, so jobs side by side do not disturb each other.
 */
final class ComputeThreads {

  /**
   * Multiply-adds of a step from which a second thread pays. Below it, threads wait for each other
   * longer than they compute, by far so when other processes want the cores.
   */
  private static final long WORTH_SHARING = 20_000_000;

  private ComputeThreads() {}

  /**
   * Sets the number for what the calling thread is about to compute.
   *
   * @param allowed at most this many
   * @param batch rows of a step
   * @return the number
   */
  static int use(int allowed, ModelDefinition definition, int batch) {
    long work = NetworkSize.of(definition).multiplyAdds() * batch;
    int threads = work < WORTH_SHARING ? 1 : allowed;
    // on a device the same call sets the size of thread blocks
    if (ComputeBackend.onCpu()) {
      NativeOpsHolder.getInstance().getDeviceNativeOps().setOmpNumThreads(threads);
    }
    return threads;
  }

  /**
   * Whether the calling thread computes by itself and there is another core, so that a second
   * thread can compute ahead of it.
   */
  static boolean leaveAnother() {
    return ComputeBackend.onCpu()
        && NativeOpsHolder.getInstance().getDeviceNativeOps().ompGetMaxThreads() == 1
        && Runtime.getRuntime().availableProcessors() > 1;
  }

  /** Sets the number to one; on a CPU only. */
  static void useOne() {
    NativeOpsHolder.getInstance().getDeviceNativeOps().setOmpNumThreads(1);
  }
}
