package io.retort.model.foreign;

import io.retort.model.ModelInfo;
import io.retort.model.TensorInfo;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Semaphore;

/** Looks into model files of other frameworks, and opens them, each in a process of its own. */
public final class ForeignModels {

  /** Uploads that are looked into at once; each may take as much memory as the limits allow. */
  private static final int INSPECTIONS = 2;

  private final ModelLimits limits;
  private final Semaphore inspections = new Semaphore(INSPECTIONS, true);

  public ForeignModels(ModelLimits limits) {
    this.limits = limits;
  }

  /**
   * What a file holds.
   *
   * @throws ForeignModelException where it cannot be read, or not within the limits
   */
  public ModelInfo inspect(Path file) {
    inspections.acquireUninterruptibly();
    try {
      return inspectNow(file);
    } finally {
      inspections.release();
    }
  }

  private ModelInfo inspectNow(Path file) {
    try (ModelProcess process = ModelProcess.start(limits)) {
      Reply reply =
          process.talk(
              limits.inspection(),
              wire -> {
                wire.send(new Request(file.toAbsolutePath().toString(), null));
                return checked(wire.receive(Reply.class));
              });
      return Objects.requireNonNull(reply.info());
    }
  }

  /**
   * Opens a file that was inspected.
   *
   * @throws ForeignModelException where that fails
   */
  public ForeignModel open(Path file, Opening opening) {
    ModelProcess process = ModelProcess.start(limits);
    try {
      List<TensorInfo> outputs =
          process.talk(
              limits.call(),
              wire -> {
                wire.send(new Request(file.toAbsolutePath().toString(), opening));
                return Objects.requireNonNull(checked(wire.receive(Reply.class)).outputs());
              });
      return new ForeignModel(process, limits, opening.inputSizes(), outputs);
    } catch (RuntimeException e) {
      process.close();
      throw e;
    }
  }

  static Reply checked(Reply reply) {
    Reply.Problem problem = reply.problem();
    if (problem != null) {
      throw new ForeignModelException(problem.code(), problem.message());
    }
    return reply;
  }
}
